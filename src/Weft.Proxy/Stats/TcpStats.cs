namespace Weft.Proxy.Stats;

/// <summary>What the TCP proxies of one name have seen.</summary>
internal sealed class TcpStats
{
    public Counter Connections { get; } = new();

    public Counter Active { get; } = new();

    /// <summary>Connections whose cluster is not there.</summary>
    public Counter NoRoute { get; } = new();

    /// <summary>Bytes from callers.</summary>
    public Counter Received { get; } = new();

    /// <summary>Bytes to callers.</summary>
    public Counter Sent { get; } = new();

    /// <summary>Connections that stood still for too long.</summary>
    public Counter IdleTimeouts { get; } = new();
}
