namespace Weft.Proxy.Tracing;

/// <summary>What a listener tells of its requests' traces.</summary>
/// <param name="ServiceName">Whose spans they are.</param>
/// <param name="Collector">The cluster of the collector.</param>
/// <param name="Share">The share of the traces begun here that are recorded, 0 to 1.</param>
/// <param name="SpansTries">
/// Whether each try has a span of its own below that of the request; else the request has one for both sides.
/// </param>
/// <param name="LongestPath">How much of a path is told, in characters.</param>
internal sealed record TracingConfig(
    string ServiceName, string Collector, double Share, bool SpansTries, int LongestPath)
{
    /// <summary>"defaults to 256".</summary>
    public const int DefaultLongestPath = 256;

    public bool Samples(Func<double> dice) => Share >= 1 || (Share > 0 && dice() < Share);
}
