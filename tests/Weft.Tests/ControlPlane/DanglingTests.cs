using System.Collections.Immutable;
using Envoy.Config.Route.V3;
using Google.Protobuf;
using Weft.ControlPlane;
using Weft.Flow;
using Weft.Model;
using Weft.Translation;
using Weft.Translation.Raw;
using Weft.Xds;
using static Weft.Tests.Model.Mesh;

namespace Weft.Tests.ControlPlane;

/// <summary>Resources that name others which are not there.</summary>
public sealed class DanglingTests
{
    private const string Sidecar = "sidecar/client.shop";
    private static readonly WorkloadConfig Client = Workload("client", null) with { OutboundPort = 9300 };
    private static readonly SourcePosition InFile = new("envoy/raw.yaml", 7, 5);

    [Fact]
    public void A_cluster_that_a_listener_still_names_stays_with_its_endpoints()
    {
        var client = Workload("client", null) with { TcpOutbound = [new(Name("db"), 80, 9400)], Where = new("client.yaml", 4, 1) };
        object[] without = [Service("a", 80), client];
        var before = Published(Publication.None, [.. without, Service("db", 80), Slice("s", "db", "p80", 5432, "10.0.0.9")]);
        var after = Published(before, without);

        Assert.Equal(Resource(before, TypeUrl.Cluster, Outbound("db")), Resource(after, TypeUrl.Cluster, Outbound("db")));
        Assert.Equal(Resource(before, TypeUrl.Endpoints, Outbound("db")), Resource(after, TypeUrl.Endpoints, Outbound("db")));
        var told = Assert.Single(after.Diagnostics);
        Assert.Equal(("WEFT4004", Severity.Error, client.Where), (told.Code, told.Severity, told.Where));
        Assert.Contains("lds resource 'tcp-db-80'", told.Message, StringComparison.Ordinal);
        Assert.Contains($"cds resource '{Outbound("db")}'", told.Message, StringComparison.Ordinal);
        Assert.NotNull(told.Fix);

        var gone = Published(after, [Service("a", 80), client with { TcpOutbound = [], OutboundPort = 9300 }]);
        Assert.Empty(gone.Diagnostics);
        Assert.Null(Resource(gone, TypeUrl.Cluster, Outbound("db")));
    }

    [Fact]
    public void A_listener_to_a_cluster_that_never_was_is_sent_all_the_same()
    {
        var client = Workload("client", null) with { TcpOutbound = [new(Name("db"), 80, 9400)] };
        var publication = Published(Publication.None, [Service("a", 80), client]);
        Assert.NotNull(Resource(publication, TypeUrl.Listener, "tcp-db-80"));
        var told = Assert.Single(publication.Diagnostics);
        Assert.Equal(("WEFT4005", Severity.Warning, Where), (told.Code, told.Severity, told.Where));
    }

    [Fact]
    public void Routes_that_stay_in_their_last_good_version_keep_the_clusters_they_lead_to()
    {
        object[] others = [Service("a", 80), Client];
        var before = Published(Publication.None, [.. others, Service("b", 80), Route("r", "a", Rule("b"))]);
        var broken = Rule("a") with { Filters = Rule("a").Filters with { RequestHeaders = new([], TooMany, []) } };
        var after = Published(before, [.. others, Route("r", "a", broken)]);

        Assert.Equal([Outbound("b")], ClustersOf(after, "a"));
        Assert.NotNull(Resource(after, TypeUrl.Cluster, Outbound("b")));
        Assert.Contains(after.Diagnostics, d => d.Code == "WEFT4002");
        Assert.Contains(after.Diagnostics, d => d.Code == "WEFT4004" && d.Message.Contains(Outbound("b"), StringComparison.Ordinal));
    }

    [Fact]
    public void A_host_that_would_lead_to_a_cluster_that_never_was_keeps_its_last_good_routes_and_the_others_move_on()
    {
        object[] others = [Client, Service("a", 80), Service("b", 80), Service("c", 80)];
        var badPolicy = Policy("p", PolicyTargetKind.Service, "b", new(Connection: new(TimeSpan.Zero, null, null, false)));
        var before = Published(Publication.None, [Client, Service("a", 80), Service("c", 80)]);
        var route = Route("r", "a", Rule("b")) with { Where = new("route.yaml", 9, 1) };
        var after = Published(before, [.. others, badPolicy, route, Route("s", "c", Rule("a"))]);

        Assert.Equal([Outbound("a")], ClustersOf(after, "a"));
        Assert.Equal([Outbound("a")], ClustersOf(after, "c"));
        var told = Assert.Single(after.Diagnostics, d => d.Code == "WEFT4004");
        Assert.Equal(route.Where, told.Where);
        Assert.Equal(Outbound("b"), Assert.Single(ClustersOf(after, "b")));

        var mended = Published(after, [.. others, route, Route("s", "c", Rule("a"))]);
        Assert.Empty(mended.Diagnostics);
        Assert.Equal([Outbound("b")], ClustersOf(mended, "a"));
    }

    [Fact]
    public void A_listener_without_its_routes_is_not_sent_until_they_are_there()
    {
        var gateway = new GatewayConfig(
            Name("edge"), "127.0.0.1",
            [new("http", 8080, ListenerProtocol.Http, null, [], new("Same", Labels()), [RouteKind.Http], Where)],
            new("gateway.yaml", 2, 1));
        var rule = Rule("a");
        var broken = rule with { Filters = rule.Filters with { RequestHeaders = new([], TooMany, []) } };
        object[] With(RouteRuleConfig r) =>
            [Service("a", 80), gateway, Route("r", "a", r) with { Parents = [new(true, Name("edge"), null, null, Where)] }];
        var waiting = Published(Publication.None, With(broken));
        Assert.Null(Resource(waiting, TypeUrl.Listener, "gateway-8080", "gateway/edge.shop"));
        var told = Assert.Single(waiting.Diagnostics, d => d.Code == "WEFT4004");
        Assert.Equal(gateway.Where, told.Where);

        var served = Published(waiting, With(rule));
        Assert.Empty(served.Diagnostics);
        Assert.NotNull(Resource(served, TypeUrl.Listener, "gateway-8080", "gateway/edge.shop"));
        // What was good once is not taken away again.
        Assert.NotNull(Resource(Published(served, With(broken)), TypeUrl.Listener, "gateway-8080", "gateway/edge.shop"));
    }

    [Fact]
    public void A_raw_resource_that_names_what_nobody_has_is_sent_as_it_is_with_a_warning()
    {
        ImmutableArray<RawResource> raw = [RawRoutes("nowhere")];
        var publication = Publication.None.Next(Composed(Service("a", 80), Client), raw);
        Assert.NotNull(Resource(publication, TypeUrl.Route, "raw"));
        Assert.True(publication.Groups.Default!.Of(TypeUrl.Route).Contains("raw"));
        var told = Assert.Single(publication.Diagnostics);
        Assert.Equal(("WEFT4006", Severity.Warning, InFile), (told.Code, told.Severity, told.Where));
        Assert.Contains("rds resource 'raw' needs the cds resource 'nowhere'", told.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_raw_resource_may_name_what_the_manifests_make()
    {
        ImmutableArray<RawResource> raw = [RawRoutes(Outbound("a"))];
        var publication = Publication.None.Next(Composed(Service("a", 80), Client), raw);
        Assert.Empty(publication.Diagnostics);
        Assert.Equal("WEFT4006", Assert.Single(publication.Next(Composed(Service("b", 80), Client), raw).Diagnostics).Code);
    }

    // Envoy's API allows a route 1000 headers to add.
    private static ImmutableArray<HeaderValue> TooMany => [.. Enumerable.Range(0, 1001).Select(i => new HeaderValue($"x-{i}", "1"))];

    private static string Outbound(string service) => ClusterName.Outbound(Name(service), 80);

    private static Publication Published(Publication before, object[] objects)
    {
        var written = Of(objects);
        return before.Next(MeshComposer.Compose(written).Snapshot, [], written);
    }

    private static XdsResource? Resource(Publication publication, string typeUrl, string name, string group = Sidecar) =>
        publication.Groups.For(group)!.Of(typeUrl).TryGet(name, out var resource) ? resource : null;

    private static IEnumerable<string> ClustersOf(Publication publication, string service)
    {
        var routes = RouteConfiguration.Parser.ParseFrom(Resource(publication, TypeUrl.Route, "outbound")!.Body);
        return EnvoyReferences.ClustersOf(routes.VirtualHosts.Single(h => h.Name == $"{Name(service).Host}:80"));
    }

    private static RawResource RawRoutes(string cluster)
    {
        var routes = new RouteConfiguration
        {
            Name = "raw",
            VirtualHosts = { new VirtualHost { Name = "all", Domains = { "*" }, Routes = { new Envoy.Config.Route.V3.Route { Route_ = new() { Cluster = cluster } } } } },
        };
        return new(TypeUrl.Route, routes.Name, routes.ToByteString(), routes, InFile);
    }
}
