using Weft.Model;
using Weft.Translation;
using static Weft.Tests.Model.Mesh;

namespace Weft.Tests.Translation.Mesh;

public sealed class GrpcLimitsTests
{
    [Fact]
    public void What_gRPC_applications_pass_over_is_told_of_each_route()
    {
        var rule = Rule("a");
        rule = rule with { Filters = rule.Filters with { Rewrite = new("x", null) }, Retry = new([], [503], 1, null, null) };
        var limit = Assert.Single(GrpcLimits.Of(Composed(Service("a", 80), Route("r", "a", rule)), "shop"));
        Assert.Equal(
            ("WEFT4003", "The route shop/r/0/0 asks for a rewrite, retries by statuses of HTTP, which gRPC applications without a proxy do not do."),
            (limit.Code, limit.Message));
    }

    [Fact]
    public void What_gRPC_applications_do_is_not_told() =>
        Assert.Empty(GrpcLimits.Of(
            Composed(
                Service("a", 80), Route("r", "a", Rule("a") with { Timeout = TimeSpan.FromSeconds(1) }),
                Policy("p", PolicyTargetKind.Service, "a", new(Retry: new(["unavailable"], [], 1, null, null), CircuitBreaker: new(1, 1, 1, 1)))),
            "shop"));

    [Fact]
    public void What_a_policy_asks_for_is_told_too() =>
        Assert.Contains("a rate limit", Assert.Single(GrpcLimits.Of(
            Composed(Service("a", 80), Policy("p", PolicyTargetKind.Service, "a", new(RateLimit: new(1, TimeSpan.FromSeconds(1), 1)))),
            "shop")).Message, StringComparison.Ordinal);
}
