namespace Weft.Proxy.Stats;

/// <summary>What the connection managers of one name have seen of callers.</summary>
internal sealed class HttpStats
{
    public Counter Requests { get; } = new();

    public Counter Active { get; } = new();

    public Counter NoRoute { get; } = new();

    public Counter NoCluster { get; } = new();

    /// <summary>Requests that ended in an error of the proxy itself.</summary>
    public Counter Errors { get; } = new();

    public ResponseCounts Responses { get; } = new();
}
