namespace Weft.Proxy.Stats;

/// <summary>What happened to the connections of one address.</summary>
internal sealed class ListenerStats
{
    public Counter Connections { get; } = new();

    /// <summary>Connections that no filter chain is for.</summary>
    public Counter NoChain { get; } = new();

    /// <summary>TLS handshakes that came to their end.</summary>
    public Counter Handshakes { get; } = new();

    /// <summary>TLS handshakes that did not, for whatever reason.</summary>
    public Counter HandshakeErrors { get; } = new();
}
