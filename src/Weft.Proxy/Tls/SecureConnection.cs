namespace Weft.Proxy.Tls;

/// <summary>What was found out about a connection by its handshake.</summary>
/// <param name="Chain">The key of the filter chain that the caller asked for.</param>
internal sealed record SecureConnection(string Chain)
{
    /// <summary>Whether the handshake came to its end.</summary>
    public bool IsEstablished { get; set; }
}
