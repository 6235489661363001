using Weft.Flow;
using Weft.Model;
using static Weft.Tests.Model.Mesh;

namespace Weft.Tests.Model;

public sealed class MeshVersionTests
{
    private static readonly ServiceConfig A = Service("a", 80);
    private static readonly WorkloadConfig W = Workload("w", "a") with { Run = new(["x"], Labels(), [], "f") };
    private static readonly EndpointSliceConfig S = Slice("s", "a", "p80", 80, "10.0.0.9");
    private static readonly RouteConfig R = Route("r", "a", Rule("a"));

    public static TheoryData<string, MeshObjects> Changes => new()
    {
        { "service name", Of(Service("b", 80), W with { Service = Name("b") }) },
        { "service added", Of(A, S, R, W, Service("b", 80)) },
        { "port", Of(Service("a", 82), W, S, R) },
        { "port name", Of(A with { Ports = [A.Ports[0] with { Name = "q" }] }, W, S, R) },
        { "protocol", Of(A with { Ports = [A.Ports[0] with { Protocol = AppProtocol.Http2 }] }, W, S, R) },
        { "endpoint address", Of(A, W, Slice("s", "a", "p80", 80, "10.0.0.8"), R) },
        { "endpoint port", Of(A, W, Slice("s", "a", "p80", 81, "10.0.0.9"), R) },
        { "endpoint readiness", Of(A, W, S with { Endpoints = [S.Endpoints[0] with { Ready = false }] }, R) },
        { "endpoint zone", Of(A, W, S with { Endpoints = [S.Endpoints[0] with { Zone = "z" }] }, R) },
        { "workload version", Of(A, W with { Labels = Labels(("version", "1")) }, S, R) },
        { "workload label", Of(A, W with { Labels = Labels(("x", "1")) }, S, R) },
        { "workload address", Of(A, W with { Address = "10.0.0.7" }, S, R) },
        { "workload application port", Of(A, W with { AppPort = 1 }, S, R) },
        { "workload inbound port", Of(A, W with { InboundPort = 1 }, S, R) },
        { "workload outbound port", Of(A, W with { OutboundPort = 1 }, S, R) },
        { "no run", Of(A, W with { Run = null }, S, R) },
        { "command", Of(A, W with { Run = W.Run! with { Command = ["y"] } }, S, R) },
        { "environment", Of(A, W with { Run = W.Run! with { Environment = Labels(("a", "b")) } }, S, R) },
        { "build", Of(A, W with { Run = W.Run! with { Build = ["x"] } }, S, R) },
        { "folder", Of(A, W with { Run = W.Run! with { Folder = "g" } }, S, R) },
        { "route name", Of(A, W, S, R with { Name = Name("q") }) },
        { "route gone", Of(A, W, S) },
        { "path", With(rule => rule with { Matches = [Match(PathMatchKind.Prefix, "/a")] }) },
        { "path kind", With(rule => rule with { Matches = [Match(PathMatchKind.Exact, "/")] }) },
        { "header", With(rule => rule with { Matches = [Match(PathMatchKind.Prefix, "/", "h")] }) },
        { "backend port", With(rule => rule with { Backends = [rule.Backends[0] with { Port = 9 }] }) },
        { "backend weight", With(rule => rule with { Backends = [rule.Backends[0] with { Weight = 9 }] }) },
        { "backend", With(rule => rule with { Backends = [rule.Backends[0] with { Service = Name("z") }] }) },
        { "timeout", With(rule => rule with { Timeout = TimeSpan.FromSeconds(1) }) },
        { "backend timeout", With(rule => rule with { BackendTimeout = TimeSpan.FromSeconds(1) }) },
        { "header set", With(rule => rule with { Filters = rule.Filters with { RequestHeaders = new([new("a", "b")], [], []) } }) },
        { "header added", With(rule => rule with { Filters = rule.Filters with { RequestHeaders = new([], [new("a", "b")], []) } }) },
        { "header removed", With(rule => rule with { Filters = rule.Filters with { RequestHeaders = new([], [], ["a"]) } }) },
        { "redirect", With(rule => rule with { Filters = rule.Filters with { Redirect = new("https", null, null, null, 301) } }) },
        { "retry", With(rule => rule with { Retry = new([], [503], 2, null, null) }) },
        { "policy", Of(A, W, S, R, Policy("p", PolicyTargetKind.Service, "a", new(RateLimit: new(1, TimeSpan.FromSeconds(1), 1)))) },
        { "consumer route", Of(A, W, S, R, R with { Name = new("other", "r") }) },
        { "gateway", Of(A, W, S, R, new GatewayConfig(Name("g"), "127.0.0.1", [], Where)) },
        { "settings", Of(A, W, S, R, new MeshConfig(Name("m"), new(true, false, null), Where)) },
    };

    [Fact]
    public void Equal_content_has_an_equal_version_in_any_order_and_any_file()
    {
        var workload = Workload("v", "a");
        var slice = Slice("t", "a", "p80", 80, "10.0.0.9") with { Endpoints = [new(["10.0.0.9"], false, "z")] };
        object[] objects = [A, Service("b", 80), W, workload, S, slice, R, Route("q", "a", Rule("b"))];
        var moved = new SourcePosition("other.yaml", 9, 9);
        object[] other =
        [
            .. objects.Reverse().Select(o => o switch
            {
                ServiceConfig s => (object)(s with { Where = moved }),
                WorkloadConfig w => w with { Where = moved },
                EndpointSliceConfig e => e with { Where = moved },
                var r => (RouteConfig)r with { Where = moved },
            }),
        ];
        Assert.Equal(Composed(objects).Version, Composed(other).Version);
    }

    [Theory]
    [MemberData(nameof(Changes))]
    public void A_change_gives_another_version(string what, MeshObjects changed)
    {
        var (before, after) = (MeshComposer.Compose(Of(A, W, S, R)).Snapshot, MeshComposer.Compose(changed).Snapshot);
        Assert.False(before.Version == after.Version, what);
    }

    [Fact]
    public void Every_change_has_a_version_of_its_own()
    {
        var versions = Changes.Select(c => MeshComposer.Compose(c.Data.Item2).Snapshot.Version).ToList();
        Assert.Equal(versions.Distinct(), versions);
    }

    private static MeshObjects With(Func<RouteRuleConfig, RouteRuleConfig> change) =>
        Of(A, W, S, R with { Rules = [change(R.Rules[0])] });
}
