using Envoy.Config.Cluster.V3;
using Envoy.Config.Core.V3;
using Envoy.Config.Endpoint.V3;
using Google.Protobuf.WellKnownTypes;
using Weft.Model;
using Address = Envoy.Config.Core.V3.Address;
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
        return Speaking(port.Protocol, new Cluster
        {
            Name = name,
            Type = Cluster.Types.DiscoveryType.Eds,
            EdsClusterConfig = new() { EdsConfig = Ads(), ServiceName = name },
            ConnectTimeout = Duration.FromTimeSpan(ConnectTimeout),
            LbPolicy = Cluster.Types.LbPolicy.RoundRobin,
        });
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
    public static Cluster Inbound(int appPort, AppProtocol protocol)
    {
        var name = ClusterName.Inbound(appPort);
        return Speaking(protocol, new Cluster
        {
            Name = name,
            Type = Cluster.Types.DiscoveryType.Static,
            ConnectTimeout = Duration.FromTimeSpan(ConnectTimeout),
            LoadAssignment = new()
            {
                ClusterName = name,
                Endpoints = { new LocalityLbEndpoints { LbEndpoints = { Healthy("127.0.0.1", appPort) } } },
            },
        });
    }

    private static LbEndpoint Healthy(string address, int port) => new()
    {
        HealthStatus = HealthStatus.Healthy,
        Endpoint = new EnvoyEndpoint { Address = SocketAddress(address, port) },
    };

    private static Cluster Speaking(AppProtocol protocol, Cluster cluster)
    {
        if (protocol == AppProtocol.Http2)
        {
            cluster.TypedExtensionProtocolOptions[HttpOptions] = Any.Pack(new HttpProtocolOptions
            {
                ExplicitHttpConfig = new HttpProtocolOptions.Types.ExplicitHttpConfig { Http2ProtocolOptions = new Http2ProtocolOptions() },
            });
        }

        return cluster;
    }
}
