using Envoy.Config.Core.V3;
using Envoy.Config.Listener.V3;
using Envoy.Config.Route.V3;
using Envoy.Extensions.Filters.Http.Router.V3;
using Envoy.Extensions.Filters.Network.HttpConnectionManager.V3;
using Google.Protobuf.WellKnownTypes;
using Filter = Envoy.Config.Listener.V3.Filter;

namespace Weft.Translation;

/// <summary>Where requests enter a proxy.</summary>
internal static class Listeners
{
    private const string ManagerName = "envoy.filters.network.http_connection_manager";
    private const string RouterName = "envoy.filters.http.router";

    /// <summary>Takes HTTP/1.1 and HTTP/2 on one port and looks its routes up by name.</summary>
    public static Listener Outbound(string address, int port, string routes) => OnSocket(
        "outbound", TrafficDirection.Outbound, address, port, Manager("outbound", routes));

    /// <summary>Takes HTTP/1.1 and HTTP/2 on one port and sends everything to one cluster.</summary>
    public static Listener Inbound(string address, int port, string cluster)
    {
        var manager = Manager("inbound", null);
        manager.RouteConfig = new RouteConfiguration
        {
            Name = cluster,
            VirtualHosts =
            {
                new VirtualHost
                {
                    Name = cluster,
                    Domains = { "*" },
                    Routes = { new Route { Name = "default", Match = new() { Prefix = "/" }, Route_ = Routes.To(cluster) } },
                },
            },
        };
        return OnSocket("inbound", TrafficDirection.Inbound, address, port, manager);
    }

    /// <summary>What a gRPC client looks up for a target <c>xds:///name</c>.</summary>
    public static Listener Api(string name, string routes) => new()
    {
        Name = name,
        ApiListener = new() { ApiListener_ = Any.Pack(Manager("grpc", routes)) },
    };

    private static Listener OnSocket(
        string name, TrafficDirection direction, string address, int port, HttpConnectionManager manager) => new()
        {
            Name = name,
            TrafficDirection = direction,
            Address = Clusters.SocketAddress(address, port),
            FilterChains =
            {
                new FilterChain { Filters = { new Filter { Name = ManagerName, TypedConfig = Any.Pack(manager) } } },
            },
        };

    private static HttpConnectionManager Manager(string prefix, string? routes) => new()
    {
        StatPrefix = prefix,
        Rds = routes is null ? null : new Rds { ConfigSource = Clusters.Ads(), RouteConfigName = routes },
        HttpFilters = { new HttpFilter { Name = RouterName, TypedConfig = Any.Pack(new Router()) } },
    };
}
