using Envoy.Config.Cluster.V3;
using Envoy.Config.Core.V3;
using Envoy.Config.Endpoint.V3;
using Envoy.Config.Listener.V3;
using Envoy.Config.Route.V3;
using Envoy.Extensions.AccessLoggers.Grpc.V3;
using Envoy.Extensions.Filters.Network.HttpConnectionManager.V3;
using Envoy.Extensions.Filters.Network.TcpProxy.V3;
using Envoy.Extensions.TransportSockets.Tls.V3;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Weft.Translation;
using Weft.Xds;
using Filter = Envoy.Config.Listener.V3.Filter;

namespace Weft.Tests.Translation.References;

public sealed class EnvoyReferencesTests
{
    private static readonly ConfigSource Ads = new() { Ads = new() };
    private static readonly ConfigSource File = new() { PathConfigSource = new() { Path = "x" } };

    [Fact]
    public void Routes_name_the_clusters_they_send_to_each_once()
    {
        var weighted = new WeightedCluster { Clusters = { Share("b"), Share("c"), Share("a") } };
        var host = new VirtualHost
        {
            Routes =
            {
                To(new() { Cluster = "a", RequestMirrorPolicies = { new RouteAction.Types.RequestMirrorPolicy { Cluster = "mirror" } } }),
                To(new() { WeightedClusters = weighted }),
                To(new() { ClusterHeader = "x-cluster" }),
                new Envoy.Config.Route.V3.Route { DirectResponse = new() { Status = 200 } },
            },
        };
        string[] clusters = ["cds a", "cds mirror", "cds b", "cds c"];
        Assert.Equal(clusters, Names(new RouteConfiguration { Name = "r", VirtualHosts = { host } }));
        Assert.Equal(clusters, Names(host));
    }

    [Fact]
    public void Clusters_name_their_assignment_and_their_secrets()
    {
        var tls = new UpstreamTlsContext
        {
            CommonTlsContext = new() { ValidationContextSdsSecretConfig = new() { Name = "roots", SdsConfig = Ads } },
        };
        var cluster = new Cluster
        {
            Name = "a",
            Type = Cluster.Types.DiscoveryType.Eds,
            EdsClusterConfig = new() { EdsConfig = Ads },
            TransportSocket = new() { Name = "tls", TypedConfig = Any.Pack(tls) },
        };
        Assert.Equal(["eds a", "sds roots"], Names(cluster));
        cluster.EdsClusterConfig.ServiceName = "b";
        Assert.Equal(["eds b", "sds roots"], Names(cluster));
    }

    [Fact]
    public void Listeners_name_routes_filters_and_clusters_wherever_they_stand()
    {
        var log = new HttpGrpcAccessLogConfig
        {
            CommonConfig = new() { GrpcService = new() { EnvoyGrpc = new() { ClusterName = "logs" } } },
        };
        var manager = new HttpConnectionManager
        {
            Rds = new() { ConfigSource = Ads, RouteConfigName = "routes" },
            HttpFilters = { new HttpFilter { Name = "ours", ConfigDiscovery = new() { ConfigSource = Ads } } },
            AccessLog = { new Envoy.Config.Accesslog.V3.AccessLog { Name = "log", TypedConfig = Any.Pack(log) } },
        };
        var listener = new Listener
        {
            FilterChains = { Chain(manager), Chain(new TcpProxy { Cluster = "tcp" }) },
            ApiListener = new() { ApiListener_ = Any.Pack(new HttpConnectionManager { RouteConfig = Inline("inline") }) },
        };
        Assert.Equal(
            ["cds inline", "cds logs", "cds tcp", "ecds ours", "rds routes"],
            Names(listener).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Scopes_name_their_routes()
    {
        Assert.Equal(["rds r"], Names(new ScopedRouteConfiguration { Name = "s", RouteConfigurationName = "r" }));
        var scopes = new ScopedRoutes
        {
            RdsConfigSource = Ads,
            ScopedRouteConfigurationsList = new() { ScopedRouteConfigurations = { new ScopedRouteConfiguration { RouteConfigurationName = "r" } } },
        };
        Assert.Equal(["rds r"], Names(new Listener { FilterChains = { Chain(new HttpConnectionManager { ScopedRoutes = scopes }) } }));
    }

    [Fact]
    public void What_comes_from_elsewhere_or_has_a_default_is_none_of_ours()
    {
        var fallback = new ExtensionConfigSource { ConfigSource = Ads, DefaultConfig = Any.Pack(new Empty()) };
        var manager = new HttpConnectionManager
        {
            Rds = new() { ConfigSource = File, RouteConfigName = "routes" },
            HttpFilters = { new HttpFilter { Name = "ours", ConfigDiscovery = fallback } },
        };
        Assert.Empty(Names(new Listener { FilterChains = { Chain(manager) } }));
        Assert.Empty(Names(new ClusterLoadAssignment { ClusterName = "a" }));
    }

    [Fact]
    public void Bytes_of_no_known_message_name_nothing()
    {
        Assert.Empty(EnvoyReferences.Of(TypeUrl.Route, ByteString.CopyFrom(0xff, 0xff)));
        Assert.Empty(EnvoyReferences.Of("type.googleapis.com/none.Such", ByteString.Empty));
        var broken = new Any { TypeUrl = "type.googleapis.com/" + TcpProxy.Descriptor.FullName, Value = ByteString.CopyFrom(0xff) };
        Assert.Empty(Names(new Listener { FilterChains = { new FilterChain { Filters = { new Filter { Name = "f", TypedConfig = broken } } } } }));
    }

    [Fact]
    public void A_message_packed_a_thousand_times_costs_no_stack()
    {
        var any = Any.Pack(new TcpProxy { Cluster = "deep" });
        for (var i = 0; i < 1000; i++)
        {
            any = Any.Pack(any);
        }

        Assert.Empty(Names(new Listener { FilterChains = { new FilterChain { Filters = { new Filter { Name = "f", TypedConfig = any } } } } }));
    }

    private static IEnumerable<string> Names(IMessage message) =>
        EnvoyReferences.Of(message).Select(r => $"{TypeUrl.ShortName(r.TypeUrl)} {r.Name}");

    private static WeightedCluster.Types.ClusterWeight Share(string name) => new() { Name = name, Weight = 1 };

    private static Envoy.Config.Route.V3.Route To(RouteAction action) => new() { Match = new() { Prefix = "/" }, Route_ = action };

    private static RouteConfiguration Inline(string cluster) =>
        new() { VirtualHosts = { new VirtualHost { Routes = { To(new() { Cluster = cluster }) } } } };

    private static FilterChain Chain(IMessage filter) => new() { Filters = { new Filter { Name = "f", TypedConfig = Any.Pack(filter) } } };
}
