namespace Weft.Wasm.Sdk;

/// <summary>
/// The TCP connection that is called back: between the client and the proxy, and between it and the server.
/// </summary>
public static class Connection
{
    /// <summary>What has come from the client, in <c>OnDownstreamData</c>.</summary>
    public static BodyBuffer DownstreamData => new(2);

    /// <summary>What has come from the server, in <c>OnUpstreamData</c>.</summary>
    public static BodyBuffer UpstreamData => new(3);

    /// <summary>Goes on with what came from the client, where it was paused.</summary>
    public static HostStatus ContinueDownstream() => (HostStatus)Abi.ContinueStream(2);

    /// <summary>Goes on with what came from the server, where it was paused.</summary>
    public static HostStatus ContinueUpstream() => (HostStatus)Abi.ContinueStream(3);

    /// <summary>Closes the connection to the client.</summary>
    public static HostStatus CloseDownstream() => (HostStatus)Abi.CloseStream(2);

    /// <summary>Closes the connection to the server.</summary>
    public static HostStatus CloseUpstream() => (HostStatus)Abi.CloseStream(3);
}
