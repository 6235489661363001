using Weft.Testing;

namespace Weft.Tests.Routing;

/// <summary>The routing cases on the compiled table: what is asked of real proxies elsewhere, without any.</summary>
public sealed class RoutingCaseTests
{
    // What filters and endpoints decide, the table does not say.
    private static readonly string[] AfterTheTable = ["200", "429", "503"];

    public static TheoryData<string> Names => [.. RoutingCase.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_table_and_the_explanation_choose_what_the_case_says(string name)
    {
        var @case = RoutingCase.Read(name);
        var routes = CompiledRoutes.Of(@case.Manifests);
        foreach (var exchange in @case.Exchanges)
        {
            Assert.True(routes.Found(name, exchange) == routes.Explained(name, exchange), exchange.Text);
            if (!AfterTheTable.Contains(exchange.Outcome))
            {
                Assert.True(routes.Outcome(name, exchange) == exchange.Outcome, $"{exchange.Text}: {routes.Outcome(name, exchange)}");
            }
        }
    }

    [Fact]
    [Trait(Soak.Trait, "true")]
    public void The_table_and_the_explanation_agree_on_random_routes()
    {
        var seed = Soak.Seed();
        var dice = new Random(seed);
        var random = new RandomRoutes(dice);
        for (var set = 0; set < Soak.Runs(40, 20_000); set++)
        {
            var rules = random.Rules("a");
            var routes = CompiledRoutes.Of(new RoutingCase("random", rules, null, []).Manifests);
            for (var i = 0; i < 50; i++)
            {
                var request = random.Request();
                Assert.True(
                    routes.Found("random", request) == routes.Explained("random", request),
                    $"seed {seed}, set {set}: {request.Text}\n{rules}\n{routes.Found("random", request)} {routes.Explained("random", request)}");
            }
        }
    }
}
