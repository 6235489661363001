namespace Weft.Proxy.Filters;

/// <summary>A filter whose configuration is a resource of its own, by ECDS.</summary>
/// <param name="Resource">The resource's name.</param>
/// <param name="PassesWithout">Whether requests pass where there is no such resource, or none that is accepted.</param>
internal sealed record DiscoveredFilter(string Resource, bool PassesWithout) : HttpFilterConfig;

/// <summary>A discovered filter that requests can meet.</summary>
/// <param name="Filter">Null where there is none: then requests pass, or are refused.</param>
internal sealed record ReadyFilter(string Resource, HeldFilter? Filter, bool Refuses);

/// <summary>Lets everything pass; in Envoy, a filter of rules without any.</summary>
internal sealed class PassThrough : IHttpFilter
{
    public static PassThrough Instance { get; } = new();

    public IHttpFilterRun? Begin(HttpFilterExchange exchange) => null;

    public void Dispose()
    {
    }
}
