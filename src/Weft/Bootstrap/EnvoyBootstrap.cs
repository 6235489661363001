using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Envoy.Config.Cluster.V3;
using Envoy.Config.Core.V3;
using Envoy.Config.Endpoint.V3;
using Envoy.Extensions.TransportSockets.Tls.V3;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;
using Weft.ControlPlane;
using Weft.Translation;
using Weft.Xds.Client;
using EnvoyEndpoint = Envoy.Config.Endpoint.V3.Endpoint;
using HttpProtocolOptions = Envoy.Extensions.Upstreams.Http.V3.HttpProtocolOptions;

namespace Weft.Bootstrap;

/// <summary>A bootstrap with which Envoy takes everything from one aggregated stream.</summary>
internal static class EnvoyBootstrap
{
    private const string ControlPlane = ControlPlaneCluster.Name;
    private const string HttpOptions = "envoy.extensions.upstreams.http.v3.HttpProtocolOptions";

    private static readonly JsonFormatter Formatter = new(JsonFormatter.Settings.Default
        .WithPreserveProtoFieldNames(true)
        .WithTypeRegistry(TypeRegistry.FromMessages(HttpProtocolOptions.Descriptor, UpstreamTlsContext.Descriptor)));

    /// <param name="isGateway">Whether the node is a gateway of the mesh, else the proxy beside a workload.</param>
    /// <param name="credentials">The files by which Envoy proves itself; null for none.</param>
    /// <param name="token">The token that it sends; null for none.</param>
    public static string Json(
        string nodeId, bool isGateway, IPEndPoint xds, IPEndPoint admin, bool delta,
        XdsClientCredentials? credentials = null, string? token = null)
    {
        var text = Formatter.Format(
            Message(nodeId, isGateway, xds, admin, delta, credentials ?? XdsClientCredentials.None, token));
        return JsonNode.Parse(text)!.ToJsonString(new JsonSerializerOptions { WriteIndented = true }) + "\n";
    }

    public static Envoy.Config.Bootstrap.V3.Bootstrap Message(
        string nodeId, bool isGateway, IPEndPoint xds, IPEndPoint admin, bool delta,
        XdsClientCredentials credentials, string? token)
    {
        var name = NodeGroup.NameOf(nodeId);
        return new()
        {
            Node = new Node
            {
                Id = nodeId,
                Cluster = name.Name,
                Metadata = NodeGroup.Metadata(NodeGroup.ProxyOf(name, isGateway), admin.ToString()),
                // Envoy knows of times to live and does not say so by itself.
                ClientFeatures = { "xds.config.supports-resource-ttl", "xds.config.supports-resource-in-sotw" },
            },
            Admin = new Envoy.Config.Bootstrap.V3.Admin { Address = Socket(admin) },
            DynamicResources = new()
            {
                AdsConfig = new ApiConfigSource
                {
                    ApiType = delta ? ApiConfigSource.Types.ApiType.DeltaGrpc : ApiConfigSource.Types.ApiType.Grpc,
                    TransportApiVersion = ApiVersion.V3,
                    SetNodeOnFirstMessageOnly = true,
                    GrpcServices =
                    {
                        new GrpcService
                        {
                            EnvoyGrpc = new() { ClusterName = ControlPlane },
                            InitialMetadata = { EnvoySecurity.Headers(token) },
                        },
                    },
                },
                CdsConfig = Ads(),
                LdsConfig = Ads(),
            },
            StaticResources = new() { Clusters = { ServerCluster(xds, credentials) } },
            StatsConfig = StatTags.Config(),
        };
    }

    private static Cluster ServerCluster(IPEndPoint xds, XdsClientCredentials credentials) => new()
    {
        Name = ControlPlane,
        Type = Cluster.Types.DiscoveryType.Static,
        ConnectTimeout = Duration.FromTimeSpan(TimeSpan.FromSeconds(1)),
        TransportSocket = EnvoySecurity.Transport(credentials, xds),
        TypedExtensionProtocolOptions =
        {
            [HttpOptions] = Any.Pack(new HttpProtocolOptions
            {
                ExplicitHttpConfig = new HttpProtocolOptions.Types.ExplicitHttpConfig
                {
                    // A control plane that is gone without a word is noticed, and another connection tried.
                    Http2ProtocolOptions = new()
                    {
                        ConnectionKeepalive = new()
                        {
                            Interval = Duration.FromTimeSpan(TimeSpan.FromSeconds(30)),
                            Timeout = Duration.FromTimeSpan(TimeSpan.FromSeconds(5)),
                        },
                    },
                },
            }),
        },
        LoadAssignment = new()
        {
            ClusterName = ControlPlane,
            Endpoints =
            {
                new LocalityLbEndpoints
                {
                    LbEndpoints = { new LbEndpoint { Endpoint = new EnvoyEndpoint { Address = Socket(xds) } } },
                },
            },
        },
    };

    private static ConfigSource Ads() => new() { Ads = new(), ResourceApiVersion = ApiVersion.V3 };

    private static Address Socket(IPEndPoint endpoint) =>
        new() { SocketAddress = new() { Address = endpoint.Address.ToString(), PortValue = (uint)endpoint.Port } };
}
