using Weft.Flow;
using Weft.Model;
using static Weft.Tests.Model.Mesh;

namespace Weft.Tests.Model;

public sealed class PolicyTests
{
    private static readonly RateLimit Slow = new(1, TimeSpan.FromSeconds(1), 1);
    private static readonly RetryPolicy Once = new(["5xx"], [], 1, null, null);
    private static readonly CircuitBreaker Narrow = new(1, 1, 1, 1);

    [Fact]
    public void A_policy_of_a_port_goes_before_that_of_its_service_and_leaves_it_the_rest()
    {
        var mesh = Composed(
            Service("a", 80, 81),
            Policy("whole", PolicyTargetKind.Service, "a", new(RateLimit: Slow, CircuitBreaker: Narrow)),
            Policy("port", PolicyTargetKind.Service, "a", new(RateLimit: Slow with { Requests = 9 }), section: "p81"));
        Assert.Equal((1, Narrow), (mesh.Port("a", 80).Policy.RateLimit!.Requests, mesh.Port("a", 80).Policy.CircuitBreaker));
        Assert.Equal((9, Narrow), (mesh.Port("a", 81).Policy.RateLimit!.Requests, mesh.Port("a", 81).Policy.CircuitBreaker));
    }

    [Fact]
    public void A_routes_own_retry_goes_before_that_of_a_policy()
    {
        var own = Rule("a") with { Retry = new([], [503], 3, null, null) };
        var mesh = Composed(
            Service("a", 80), Route("r", "a", own, Rule("a", Match(PathMatchKind.Exact, "/x"))),
            Policy("p", PolicyTargetKind.HTTPRoute, "r", new(Retry: Once)));
        Assert.Equal([1, 3], mesh.Port("a", 80).Routes.Select(r => r.Retry!.Attempts));
    }

    [Fact]
    public void A_policy_of_a_rule_holds_for_that_rule_only()
    {
        var named = Rule("a", Match(PathMatchKind.Exact, "/x")) with { Name = "x" };
        var mesh = Composed(
            Service("a", 80), Route("r", "a", named, Rule("a")),
            Policy("p", PolicyTargetKind.HTTPRoute, "r", new(RateLimit: Slow), section: "x"));
        Assert.Equal([Slow, null], mesh.Port("a", 80).Routes.Select(r => r.RateLimit));
    }

    [Fact]
    public void Of_two_policies_the_older_holds()
    {
        var (mesh, diagnostics, status) = MeshComposer.Compose(Of(
            Service("a", 80),
            Policy("a", PolicyTargetKind.Service, "a", new(RateLimit: Slow)),
            Policy("b", PolicyTargetKind.Service, "a", new(RateLimit: Slow with { Requests = 2 })) with { Created = DateTimeOffset.UnixEpoch }));
        Assert.Equal(2, mesh.Port("a", 80).Policy.RateLimit!.Requests);
        Assert.Equal(["WEFT2012"], diagnostics.Select(d => d.Code));
        Assert.Contains(status, s => s.Name == Name("a") && s.Conditions[0] is { Holds: false, Reason: "Conflicted" });
    }

    [Theory]
    [InlineData("WEFT2011", PolicyTargetKind.Service, "ghost", null)]
    [InlineData("WEFT2011", PolicyTargetKind.Service, "a", "ghost")]
    [InlineData("WEFT2011", PolicyTargetKind.GRPCRoute, "r", null)]
    [InlineData("WEFT2013", PolicyTargetKind.HTTPRoute, "r", null)]
    public void What_has_no_effect_is_told(string code, PolicyTargetKind kind, string target, string? section)
    {
        var diagnostics = MeshComposer.Compose(Of(
            Service("a", 80), Route("r", "a", Rule("a")),
            Policy("p", kind, target, new(Retry: Once, CircuitBreaker: Narrow), section))).Diagnostics;
        Assert.Equal((code, Severity.Warning), (Assert.Single(diagnostics).Code, diagnostics[0].Severity));
    }

    [Fact]
    public void Only_one_mesh_object_counts()
    {
        var (mesh, diagnostics, _) = MeshComposer.Compose(Of(
            new MeshConfig(Name("b"), new(true, true, null), Where), new MeshConfig(Name("a"), new(false, true, null), Where)));
        Assert.Equal(new(false, true, null), mesh.Settings);
        Assert.Equal(["WEFT2012"], diagnostics.Select(d => d.Code));
    }
}
