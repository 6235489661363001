using System.Collections.Immutable;
using Weft.Model;
using static Weft.Tests.Model.Mesh;

namespace Weft.Tests.Model;

/// <summary>What is right in itself and not done here takes the smallest part out of force, and says so.</summary>
public sealed class RefusalTests
{
    private static readonly Refusal Foreign = new("ResolvedRefs", "InvalidKind", "no such thing", "remove it", Where);

    [Fact]
    public void A_rule_with_a_foreign_filter_fails_as_a_whole_and_the_others_stand()
    {
        var redirect = RouteFilters.None<BackendRefConfig>() with { Redirect = new("https", null, null, null, 302) };
        var route = Route(
            "r", "a", Rule("a") with { Refused = Foreign }, Rule("a") with { Backends = [], Filters = redirect, Refused = Foreign }, Rule("a"));
        var (mesh, diagnostics, status) = MeshComposer.Compose(Of(Service("a", 80), route));
        Assert.Equal(["WEFT2015"], diagnostics.Select(d => d.Code));
        Assert.Equal((false, "InvalidKind"), ConditionOf(status, "r", "ResolvedRefs"));
        Assert.Equal((true, "Accepted"), ConditionOf(status, "r", "Accepted"));
        var routes = mesh.Port("a", 80).Routes;
        Assert.All(routes.Take(2), r => Assert.DoesNotContain(r.Backends, b => b.Exists));
        Assert.All(routes.Take(2), r => Assert.Null(r.Filters.Redirect));
        Assert.True(routes[2].Backends[0].Exists);
    }

    [Fact]
    public void A_value_that_is_unknown_here_makes_the_route_partly_invalid()
    {
        var rule = Rule("a") with { Refused = Foreign with { Condition = "PartiallyInvalid", Reason = "UnsupportedValue" } };
        var status = MeshComposer.Compose(Of(Service("a", 80), Route("r", "a", rule))).Status;
        Assert.Equal((true, "UnsupportedValue"), ConditionOf(status, "r", "PartiallyInvalid"));
        Assert.Equal((true, "ResolvedRefs"), ConditionOf(status, "r", "ResolvedRefs"));
    }

    [Fact]
    public void A_foreign_filter_of_a_backend_costs_its_share()
    {
        var rule = Rule("a") with { Backends = [To("a") with { Refused = Foreign }, To("a", weight: 3)] };
        var (mesh, diagnostics, _) = MeshComposer.Compose(Of(Service("a", 80), Route("r", "a", rule)));
        Assert.Equal(["WEFT2015"], diagnostics.Select(d => d.Code));
        Assert.Equal([false, true], mesh.Port("a", 80).Routes[0].Backends.Select(b => b.Exists));
    }

    [Fact]
    public void A_listener_that_is_refused_leaves_its_port_to_the_next()
    {
        var gateway = new GatewayConfig(Name("g"), "127.0.0.1", [Listener("raw") with { Refused = Refused }, Listener("http")], Where);
        var (mesh, diagnostics, status) = MeshComposer.Compose(Of(gateway));
        Assert.Equal(["WEFT2015"], diagnostics.Select(d => d.Code));
        Assert.Equal(["http"], Assert.Single(mesh.Gateways[Name("g")].Ports).Listeners.Select(l => l.Name));
        Assert.Contains(status, s => s.Part == "raw" && s.Conditions.Any(c => c is { Type: "Accepted", Holds: false, Reason: "UnsupportedProtocol" }));
    }

    [Fact]
    public void A_gateway_that_is_refused_has_no_listeners()
    {
        var gateway = new GatewayConfig(Name("g"), "127.0.0.1", [Listener("http")], Where, Refused);
        var (mesh, diagnostics, status) = MeshComposer.Compose(Of(gateway));
        Assert.Equal(["WEFT2015"], diagnostics.Select(d => d.Code));
        Assert.Empty(mesh.Gateways[Name("g")].Ports);
        Assert.Contains(status, s => s.Part.Length == 0 && s.Conditions.Any(c => c is { Type: "Accepted", Holds: false }));
    }

    [Fact]
    public void The_session_of_a_rule_goes_before_the_policys()
    {
        var own = new SessionAffinity(true, "own", null, "/");
        var policy = Policy("p", PolicyTargetKind.HTTPRoute, "r", new(Affinity: own with { Name = "policy" }));
        var routes = Composed(Service("a", 80), Route("r", "a", Rule("a") with { Affinity = own }, Rule("a")), policy).Port("a", 80).Routes;
        Assert.Equal(["own", "policy"], routes.Select(r => r.Affinity!.Name));
    }

    [Fact]
    public void A_route_may_name_a_port_of_its_service_by_name()
    {
        var route = Route("r", "a", Rule("a") with { Backends = [To("a", 80)] }) with
        {
            Parents = [new(false, Name("a"), null, "p81", Where)],
        };
        var mesh = Composed(Service("a", 80, 81), route);
        Assert.Empty(mesh.Port("a", 80).Routes);
        Assert.Single(mesh.Port("a", 81).Routes);
    }

    [Theory]
    [InlineData(AppProtocol.Http, "WEFT2016")]
    [InlineData(AppProtocol.Http2, null)]
    public void What_speaks_no_gRPC_cannot_be_asked_by_it(AppProtocol protocol, string? code)
    {
        var check = new HealthCheck("GRPC", "/", TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1), 1, 1);
        var service = Service("a", 80) with { Ports = [new("p", 80, 8080, protocol)] };
        var found = MeshComposer.Compose(Of(service, Policy("p", PolicyTargetKind.Service, "a", new(HealthCheck: check)))).Diagnostics;
        Assert.Equal(code, found.SingleOrDefault()?.Code);
    }

    private static Refusal Refused => Foreign with { Condition = "Accepted", Reason = "UnsupportedProtocol" };

    private static ListenerConfig Listener(string name) => new(
        name, 80, ListenerProtocol.Http, null, [], new("Same", Labels()), [RouteKind.Http], Where);

    private static (bool Holds, string Reason) ConditionOf(ImmutableArray<ObjectStatus> status, string name, string type)
    {
        var condition = status.Single(s => s.Name == Name(name)).Conditions.Single(c => c.Type == type);
        return (condition.Holds, condition.Reason);
    }
}
