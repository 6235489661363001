using Envoy.Config.Core.V3;
using Weft.Flow;

namespace Weft.Xds.Client;

/// <summary>Where the server is and who asks.</summary>
/// <param name="Server">The address of the ADS server; <c>http</c> means HTTP/2 without TLS, <c>https</c> with.</param>
/// <param name="Node">Who asks; sent with the first request of each stream.</param>
public sealed record XdsClientSettings(Uri Server, Node Node)
{
    /// <summary>Who asks, provably, and whom it believes; nothing of both by default.</summary>
    public XdsClientCredentials Credentials { get; init; } = XdsClientCredentials.None;

    /// <summary>The delays between tries while the server cannot be reached; 500 ms to 30 s, as Envoy's.</summary>
    public Backoff Backoff { get; init; } = new(TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(30));

    /// <summary>The ceiling of the delay after a stream that had brought at least one response.</summary>
    public TimeSpan ReconnectDelay { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>How long a silent connection is trusted before it is pinged.</summary>
    public TimeSpan KeepAlive { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The largest response that is read, in bytes.</summary>
    public int MaxResponseSize { get; init; } = 64 * 1024 * 1024;
}
