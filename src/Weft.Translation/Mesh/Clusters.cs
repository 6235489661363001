using Envoy.Config.Cluster.V3;
using Envoy.Config.Core.V3;
using Envoy.Config.Endpoint.V3;
using Google.Protobuf.WellKnownTypes;
using Weft.Model;
using CommonHttpOptions = Envoy.Config.Core.V3.HttpProtocolOptions;
using EnvoyEndpoint = Envoy.Config.Endpoint.V3.Endpoint;
using HttpProtocolOptions = Envoy.Extensions.Upstreams.Http.V3.HttpProtocolOptions;

namespace Weft.Translation;

/// <summary>Destinations: clusters and their assignments.</summary>
internal static class Clusters
{
    private const string HttpOptions = "envoy.extensions.upstreams.http.v3.HttpProtocolOptions";

    // Long enough for a lost SYN to be sent again (1 s, then 3 s), far below what a caller would wait.
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(5);

    public static ConfigSource Ads() => new() { Ads = new AggregatedConfigSource(), ResourceApiVersion = ApiVersion.V3 };

    public static Address SocketAddress(string address, int port) =>
        new() { SocketAddress = new SocketAddress { Address = address, PortValue = (uint)port } };

    public static Cluster Outbound(Service service, ServicePort port)
    {
        var name = ClusterName.Outbound(service.Name, port.Port);
        var cluster = new Cluster
        {
            Name = name,
            Type = Cluster.Types.DiscoveryType.Eds,
            EdsClusterConfig = new() { EdsConfig = Ads(), ServiceName = name },
            ConnectTimeout = Duration.FromTimeSpan(port.Policy.Connection?.ConnectTimeout ?? ConnectTimeout),
            LbPolicy = Cluster.Types.LbPolicy.RoundRobin,
        };
        ClusterPolicy.Apply(port.Policy, service.Name, port.Protocol, cluster);
        return Speaking(port.Protocol, port.Policy.Connection, cluster);
    }

    /// <summary>The assignment of a service port: empty where nobody serves it, so that its cluster is warm at once.</summary>
    public static ClusterLoadAssignment Endpoints(Service service, ServicePort port)
    {
        var assignment = new ClusterLoadAssignment { ClusterName = ClusterName.Outbound(service.Name, port.Port) };
        foreach (var zone in port.Endpoints.Where(e => e.Ready).GroupBy(e => e.Zone).OrderBy(z => z.Key, StringComparer.Ordinal))
        {
            var locality = new LocalityLbEndpoints { Locality = new Locality { Zone = zone.Key } };
            locality.LbEndpoints.AddRange(zone.Select(e => Healthy(e.Address, e.Port)));
            // gRPC drops a locality without weight; with these, every endpoint has the same share.
            locality.LoadBalancingWeight = (uint)locality.LbEndpoints.Count;
            assignment.Endpoints.Add(locality);
        }

        return assignment;
    }

    /// <summary>The application behind a sidecar.</summary>
    public static Cluster Inbound(int appPort, AppProtocol protocol) =>
        Speaking(protocol, null, Fixed(ClusterName.Inbound(appPort), "127.0.0.1", appPort));

    /// <summary>One address outside the mesh, reached by gRPC.</summary>
    public static Cluster Collector(string name, string address, int port) =>
        Speaking(AppProtocol.Http2, null, Fixed(name, address, port));

    private static Cluster Fixed(string name, string address, int port) => new()
    {
        Name = name,
        Type = Cluster.Types.DiscoveryType.Static,
        ConnectTimeout = Duration.FromTimeSpan(ConnectTimeout),
        LoadAssignment = new()
        {
            ClusterName = name,
            Endpoints = { new LocalityLbEndpoints { LbEndpoints = { Healthy(address, port) } } },
        },
    };

    private static LbEndpoint Healthy(string address, int port) => new()
    {
        HealthStatus = HealthStatus.Healthy,
        Endpoint = new EnvoyEndpoint { Address = SocketAddress(address, port) },
    };

    private static Cluster Speaking(AppProtocol protocol, ConnectionSettings? connection, Cluster cluster)
    {
        var common = CommonOptions(connection);
        if (protocol == AppProtocol.Tcp || (protocol == AppProtocol.Http && common is null))
        {
            return cluster;
        }

        cluster.TypedExtensionProtocolOptions[HttpOptions] = Any.Pack(new HttpProtocolOptions
        {
            CommonHttpProtocolOptions = common,
            ExplicitHttpConfig = protocol == AppProtocol.Http2
                ? new() { Http2ProtocolOptions = new Http2ProtocolOptions() }
                : new() { HttpProtocolOptions = new Http1ProtocolOptions() },
        });
        return cluster;
    }

    private static CommonHttpOptions? CommonOptions(ConnectionSettings? connection)
    {
        if (connection is not { } set || (set.Idle is null && set.MaxRequestsPerConnection is null))
        {
            return null;
        }

        var options = new CommonHttpOptions { MaxRequestsPerConnection = (uint?)set.MaxRequestsPerConnection };
        if (set.Idle is { } idle)
        {
            options.IdleTimeout = Duration.FromTimeSpan(idle);
        }

        return options;
    }
}
