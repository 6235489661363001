using System.Collections.Immutable;
using Weft.Model;
using static Weft.Tests.Model.Mesh;

namespace Weft.Tests.Model;

public sealed class GatewayTests
{
    private static readonly ServiceConfig A = Service("a", 80);

    [Fact]
    public void Routes_stand_under_the_hosts_that_they_share_with_a_listener_narrowest_first()
    {
        var gateway = Only(
            A, Gateway(Listener("http", "*.example.com")),
            ToGateway("wide", ["*.example.com", "other.org"]), ToGateway("narrow", ["a.example.com"]), ToGateway("all", []));
        Assert.Equal(
            [
                "a.example.com: shop/narrow/0/0 shop/all/0/0 shop/wide/0/0",
                "*.example.com: shop/all/0/0 shop/wide/0/0",
            ],
            Hosts(gateway.Ports[0].Listeners[0]));
    }

    [Fact]
    public void A_host_belongs_to_the_narrowest_listener_even_where_no_route_attaches_to_it()
    {
        var gateway = Only(
            A, Gateway(Listener("wide", "*.example.com"), Listener("narrow", "a.example.com")),
            ToGateway("r", ["a.example.com", "b.example.com"], section: "wide"));
        Assert.Equal(["b.example.com: shop/r/0/0", "*.example.com: "], Hosts(gateway.Ports[0].Listeners[0]));
        Assert.Equal(["a.example.com: "], Hosts(gateway.Ports[0].Listeners[1]));
    }

    [Theory]
    [InlineData("*", "a.b", "a.b")]
    [InlineData("*.b", "a.b", "a.b")]
    [InlineData("*.b", "x.a.b", "x.a.b")]
    [InlineData("*.b", "b", null)]
    [InlineData("a.b", "*.b", "a.b")]
    [InlineData("*.a.b", "*.b", "*.a.b")]
    [InlineData("a.b", "c.b", null)]
    public void Two_hosts_share_the_narrower_of_them(string a, string b, string? expected) =>
        Assert.Equal(expected, HostPattern.Intersect(a, b));

    [Theory]
    [InlineData("no such listener", "WEFT2005", "NoMatchingParent")]
    [InlineData("another host", "WEFT2005", "NoMatchingListenerHostname")]
    [InlineData("another namespace", "WEFT2005", "NotAllowedByListeners")]
    [InlineData("no such gateway", "WEFT2002", "NoMatchingParent")]
    public void A_route_that_no_listener_accepts_has_a_condition_that_says_why(string what, string code, string reason)
    {
        var route = what switch
        {
            "no such listener" => ToGateway("r", [], section: "ghost"),
            "another host" => ToGateway("r", ["other.org"]),
            "another namespace" => ToGateway("r", []) with { Name = new("elsewhere", "r") },
            _ => ToGateway("r", [], gateway: "ghost"),
        };
        var (mesh, diagnostics, status) = MeshComposer.Compose(Of(A, Gateway(Listener("http", "*.example.com")), route));
        Assert.Contains(code, diagnostics.Select(d => d.Code));
        var accepted = Assert.Single(status.Single(s => s.Kind == "HTTPRoute").Conditions, c => c.Type == "Accepted");
        Assert.Equal((false, reason), (accepted.Holds, accepted.Reason));
        Assert.DoesNotContain(mesh.Gateways[Name("g")].Ports[0].Listeners[0].Hosts, h => h.Routes.Length > 0);
    }

    [Fact]
    public void A_listener_with_the_port_and_host_of_another_has_no_effect()
    {
        var (mesh, diagnostics, status) = MeshComposer.Compose(Of(Gateway(Listener("one", "a.b"), Listener("two", "a.b"))));
        Assert.Equal(["WEFT2008"], diagnostics.Select(d => d.Code));
        Assert.Equal(["one"], mesh.Gateways[Name("g")].Ports[0].Listeners.Select(l => l.Name));
        Assert.Contains(status.Single(s => s.Part == "two").Conditions, c => c is { Type: "Accepted", Holds: false, Reason: "HostnameConflict" });
    }

    [Fact]
    public void A_listener_without_a_usable_certificate_has_no_effect()
    {
        var listener = Listener("tls", null) with
        {
            Protocol = ListenerProtocol.Https,
            Certificates = [new(Name("cert"), null, null, Where)],
        };
        var (mesh, diagnostics, status) = MeshComposer.Compose(Of(A, Gateway(listener), ToGateway("r", [])));
        // The route is right as it stands: what is missing is the Secret alone.
        Assert.Equal(["WEFT2009"], diagnostics.Select(d => d.Code));
        Assert.Empty(mesh.Gateways[Name("g")].Ports);
        Assert.Equal(
            [
                "Gateway shop/g: Accepted",
                "Gateway shop/g at tls: Accepted, not Programmed (Invalid), not ResolvedRefs (InvalidCertificateRef)",
                "HTTPRoute shop/r at Gateway shop/g: Accepted, ResolvedRefs",
            ],
            status.Select(s => s.ToString()));
        var secret = new SecretConfig(Name("cert"), [1], [2], Where);
        Assert.Equal("shop/cert", Assert.Single(Only(Gateway(listener), secret).Ports[0].Listeners[0].Certificates).Name);
    }

    [Fact]
    public void A_backend_of_another_namespace_needs_a_grant()
    {
        var far = A with { Name = new("far", "a") };
        var route = ToGateway("r", []);
        route = route with { Rules = [route.Rules[0] with { Backends = [To("a") with { Service = far.Name }] }] };
        object[] objects = [far, Gateway(Listener("http", null)), route];
        var (mesh, diagnostics, status) = MeshComposer.Compose(Of(objects));
        Assert.Equal(["WEFT2006"], diagnostics.Select(d => d.Code));
        Assert.False(Backend(mesh).Exists);
        Assert.Contains(status.Single(s => s.Kind == "HTTPRoute").Conditions, c => c is { Type: "ResolvedRefs", Holds: false, Reason: "RefNotPermitted" });

        ReferenceGrantConfig Grant(string kind, string? service) => new(
            new("far", "g"), [new("gateway.networking.k8s.io", kind, "shop")], [new("", "Service", service)], Where);
        Assert.True(Backend(Composed([.. objects, Grant("HTTPRoute", null)])).Exists);
        Assert.True(Backend(Composed([.. objects, Grant("HTTPRoute", "a")])).Exists);
        Assert.False(Backend(MeshComposer.Compose(Of([.. objects, Grant("HTTPRoute", "b")])).Snapshot).Exists);
        Assert.False(Backend(MeshComposer.Compose(Of([.. objects, Grant("GRPCRoute", null)])).Snapshot).Exists);
    }

    [Theory]
    [InlineData("All", null, true)]
    [InlineData("None", null, false)]
    [InlineData("Selector", "kubernetes.io/metadata.name=elsewhere", true)]
    [InlineData("Selector", "team=red", true)]
    [InlineData("Selector", "team=blue", false)]
    public void A_listener_says_from_which_namespaces_routes_come(string from, string? label, bool accepted)
    {
        var labels = label is null ? Labels() : Labels((label.Split('=')[0], label.Split('=')[1]));
        var listener = Listener("http", null) with { Namespaces = new(from, labels) };
        var route = ToGateway("r", []) with { Name = new("elsewhere", "r") };
        route = route with { Rules = [route.Rules[0] with { Filters = route.Rules[0].Filters with { Redirect = new("https", null, null, null, 301) }, Backends = [] }] };
        var (mesh, _, _) = MeshComposer.Compose(Of(
            Gateway(listener), route, new NamespaceConfig("elsewhere", Labels(("team", "red")), Where)));
        Assert.Equal(accepted, mesh.Gateways[Name("g")].Ports[0].Listeners[0].Hosts[0].Routes.Length == 1);
    }

    private static Backend Backend(MeshSnapshot mesh) =>
        mesh.Gateways[Name("g")].Ports[0].Listeners[0].Hosts[0].Routes[0].Backends[0];

    private static Gateway Only(params object[] objects) => Assert.Single(Composed(objects).Gateways).Value;

    private static IEnumerable<string> Hosts(GatewayListener listener) =>
        listener.Hosts.Select(h => $"{h.Host}: {string.Join(' ', h.Routes.Select(r => r.Name))}");

    private static GatewayConfig Gateway(params ListenerConfig[] listeners) => new(Name("g"), "127.0.0.1", [.. listeners], Where);

    private static ListenerConfig Listener(string name, string? host) => new(
        name, 8080, ListenerProtocol.Http, host, [], new("Same", Labels()), [RouteKind.Http, RouteKind.Grpc], Where);

    private static RouteConfig ToGateway(string name, ImmutableArray<string> hosts, string? section = null, string gateway = "g") =>
        Route(name, "a", Rule("a")) with { Parents = [new(true, Name(gateway), null, section, Where)], Hosts = hosts };
}
