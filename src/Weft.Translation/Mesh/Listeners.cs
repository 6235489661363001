using Envoy.Config.Core.V3;
using Envoy.Config.Listener.V3;
using Envoy.Config.Route.V3;
using Envoy.Extensions.Filters.Network.HttpConnectionManager.V3;
using Envoy.Extensions.Filters.Network.TcpProxy.V3;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Weft.Model;
using Filter = Envoy.Config.Listener.V3.Filter;

namespace Weft.Translation;

/// <summary>Where requests enter a proxy.</summary>
/// <param name="settings">What holds for all proxies.</param>
/// <param name="proxy">The workload or gateway whose proxy it is.</param>
internal sealed class Listeners(MeshSettings settings, ObjectName proxy)
{
    private const string ManagerName = "envoy.filters.network.http_connection_manager";
    private const string TcpName = "envoy.filters.network.tcp_proxy";

    /// <summary>Takes HTTP/1.1 and HTTP/2 on one port and looks its routes up by name.</summary>
    public Listener Outbound(string address, int port, string routes, IEnumerable<Plugin> plugins)
    {
        var manager = Manager("outbound", routes, TrafficDirection.Outbound);
        manager.HttpFilters.AddRange(HttpFilters.All(plugins, settings.PassUnknownHosts ? UnknownHosts.Lookup() : null));
        return OnSocket("outbound", TrafficDirection.Outbound, address, port, Chain(ManagerName, manager));
    }

    /// <summary>Takes HTTP/1.1 and HTTP/2 on one port and sends everything to one cluster.</summary>
    public Listener Inbound(string address, int port, string cluster, IEnumerable<Plugin> plugins)
    {
        var manager = Manager("inbound", null, TrafficDirection.Inbound);
        manager.HttpFilters.AddRange(HttpFilters.All(plugins, null));
        manager.RouteConfig = new RouteConfiguration
        {
            Name = cluster,
            VirtualHosts = { new VirtualHost { Name = cluster, Domains = { "*" }, Routes = { Routes.ToCluster(cluster) } } },
        };
        return OnSocket("inbound", TrafficDirection.Inbound, address, port, Chain(ManagerName, manager));
    }

    /// <summary>Takes bytes on one port and sends them to one cluster.</summary>
    public static Listener Tcp(string name, TrafficDirection direction, string address, int port, string cluster) =>
        OnSocket(name, direction, address, port, Chain(TcpName, new TcpProxy { StatPrefix = cluster, Cluster = cluster }));

    /// <summary>A port of a gateway; each chain is for one of its listeners.</summary>
    public static Listener Gateway(string name, string address, int port, IEnumerable<FilterChain> chains) =>
        OnSocket(name, TrafficDirection.Inbound, address, port, [.. chains]);

    /// <summary>What one listener of a gateway does with connections.</summary>
    public FilterChain GatewayChain(string routes, IEnumerable<Plugin> plugins)
    {
        var manager = Manager("gateway", routes, TrafficDirection.Inbound);
        manager.HttpFilters.AddRange(HttpFilters.All(plugins, null));
        // An edge: who the caller is stands in the connection, not in what it says.
        manager.UseRemoteAddress = true;
        return Chain(ManagerName, manager);
    }

    /// <summary>What a gRPC client looks up for a target <c>xds:///name</c>.</summary>
    public static Listener Api(string name, string routes) => new()
    {
        Name = name,
        ApiListener = new()
        {
            ApiListener_ = Any.Pack(new HttpConnectionManager
            {
                StatPrefix = "grpc",
                Rds = new Rds { ConfigSource = Clusters.Ads(), RouteConfigName = routes },
                HttpFilters = { HttpFilters.Router },
            }),
        },
    };

    /// <summary>What a gRPC server looks up for the address that it listens on: everything is the application's.</summary>
    public static Listener GrpcServer(string name, string address, int port)
    {
        var routes = new RouteConfiguration
        {
            Name = "server",
            VirtualHosts =
            {
                new VirtualHost
                {
                    Name = "server",
                    Domains = { "*" },
                    Routes = { new Envoy.Config.Route.V3.Route { Match = new() { Prefix = "/" }, NonForwardingAction = new() } },
                },
            },
        };
        var manager = new HttpConnectionManager { StatPrefix = "grpc", RouteConfig = routes, HttpFilters = { HttpFilters.Router } };
        return OnSocket(name, TrafficDirection.Inbound, address, port, Chain(ManagerName, manager));
    }

    private static FilterChain Chain(string name, IMessage config) => new()
    {
        Name = "default",
        Filters = { new Filter { Name = name, TypedConfig = Any.Pack(config) } },
    };

    private static Listener OnSocket(
        string name, TrafficDirection direction, string address, int port, params FilterChain[] chains)
    {
        var listener = new Listener
        {
            Name = name,
            TrafficDirection = direction,
            Address = Clusters.SocketAddress(address, port),
        };
        listener.FilterChains.AddRange(chains);
        return listener;
    }

    private HttpConnectionManager Manager(string prefix, string? routes, TrafficDirection direction)
    {
        var manager = new HttpConnectionManager
        {
            StatPrefix = prefix,
            Rds = routes is null ? null : new Rds { ConfigSource = Clusters.Ads(), RouteConfigName = routes },
            // What is routed and what the application sees is one path: "/a/../b" and "//b" lead nowhere past the rules for
            // "/b". "%2F" stays: within a segment it is data, and no application here is guarded by its path.
            NormalizePath = true,
            MergeSlashes = true,
            PathWithEscapedSlashesAction = HttpConnectionManager.Types.PathWithEscapedSlashesAction.KeepUnchanged,
            UpgradeConfigs = { new HttpConnectionManager.Types.UpgradeConfig { UpgradeType = "websocket" } },
        };
        if (settings.AccessLog)
        {
            manager.AccessLog.Add(Telemetry.AccessLog());
        }

        if (settings.Tracing is { } tracing)
        {
            manager.Tracing = Telemetry.Tracing(tracing, direction, proxy);
        }

        return manager;
    }
}
