namespace Weft.Wasm.Sdk;

/// <summary>Which way the traffic of a listener goes. Values: Envoy's <c>TrafficDirection</c>.</summary>
public enum ListenerDirection
{
    /// <summary>The listener does not say: a gateway's, usually.</summary>
    Unspecified = 0,

    /// <summary>To the application beside the proxy.</summary>
    Inbound = 1,

    /// <summary>From the application beside the proxy.</summary>
    Outbound = 2,
}

/// <content>
/// The properties that plugins ask for most. Each is empty, or 0, where the proxy does not have it now.
/// </content>
public static unsafe partial class Properties
{
    /// <summary>The client's address and port, <c>10.0.0.1:4711</c>.</summary>
    public static ReadOnlySpan<byte> SourceAddress => Get("source\0address"u8);

    /// <summary>The client's port.</summary>
    public static int SourcePort => (int)GetInt64("source\0port"u8);

    /// <summary>The address and port that the client connected to.</summary>
    public static ReadOnlySpan<byte> DestinationAddress => Get("destination\0address"u8);

    /// <summary>The port that the client connected to.</summary>
    public static int DestinationPort => (int)GetInt64("destination\0port"u8);

    /// <summary>The request's id: the header <c>x-request-id</c>.</summary>
    public static ReadOnlySpan<byte> RequestId => Get("request\0id"u8);

    /// <summary>The request's path without the query.</summary>
    public static ReadOnlySpan<byte> RequestUrlPath => Get("request\0url_path"u8);

    /// <summary>The request's protocol, <c>HTTP/1.1</c> for example.</summary>
    public static ReadOnlySpan<byte> RequestProtocol => Get("request\0protocol"u8);

    /// <summary>Whether the client has shown a certificate that the proxy accepted.</summary>
    public static bool IsMutualTls => GetBool("connection\0mtls"u8);

    /// <summary>The name in the client's certificate: the first URI of it, a SPIFFE id in a mesh.</summary>
    public static ReadOnlySpan<byte> PeerUri => Get("connection\0uri_san_peer_certificate"u8);

    /// <summary>The address and port of the server that was chosen.</summary>
    public static ReadOnlySpan<byte> UpstreamAddress => Get("upstream\0address"u8);

    /// <summary>The name of the route that was chosen.</summary>
    public static ReadOnlySpan<byte> RouteName => Get("xds\0route_name"u8);

    /// <summary>The name of the cluster that was chosen.</summary>
    public static ReadOnlySpan<byte> ClusterName => Get("xds\0cluster_name"u8);

    /// <summary>Which way the traffic of the stream's listener goes. Envoy knows it only within a stream.</summary>
    public static ListenerDirection ListenerDirection =>
        (ListenerDirection)(int)GetInt64("xds\0listener_direction"u8);

    /// <summary>The proxy's id.</summary>
    public static ReadOnlySpan<byte> NodeId => Get("xds\0node\0id"u8);

    /// <summary>The name of the cluster that the proxy says it belongs to.</summary>
    public static ReadOnlySpan<byte> NodeCluster => Get("xds\0node\0cluster"u8);

    /// <summary>The plugin's name in the proxy's configuration.</summary>
    public static ReadOnlySpan<byte> PluginName => Get("plugin_name"u8);

    /// <summary>The id of the plugin's configuration, where it has one.</summary>
    public static ReadOnlySpan<byte> PluginRootId => Get("plugin_root_id"u8);

    /// <summary>The id of the plugin's machine, where it has one.</summary>
    public static ReadOnlySpan<byte> PluginVmId => Get("plugin_vm_id"u8);
}
