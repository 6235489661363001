using System.Collections.Immutable;

namespace Weft.Xds;

/// <summary>What endpoints had to do over some time. Immutable.</summary>
/// <param name="Issued">Requests that the client sent.</param>
/// <param name="Succeeded">Requests that came to an end and were no errors.</param>
/// <param name="Failed">Requests that ended by an error of the endpoint.</param>
/// <param name="InProgress">Requests that were unfinished at the end of the time.</param>
public sealed record RequestLoad(long Issued, long Succeeded, long Failed, long InProgress)
{
    /// <summary>Nothing.</summary>
    public static RequestLoad None { get; } = new(0, 0, 0, 0);

    /// <summary>
    /// By name, the metrics that endpoints reported with their responses; among them <c>cpu_utilization</c>,
    /// <c>mem_utilization</c> and <c>application_utilization</c>.
    /// </summary>
    public ImmutableDictionary<string, MetricLoad> Metrics { get; init; } = ImmutableDictionary<string, MetricLoad>.Empty;

    /// <summary>By address, the endpoints; empty where the client does not report them, and of an endpoint.</summary>
    public ImmutableDictionary<string, RequestLoad> Endpoints { get; init; } = ImmutableDictionary<string, RequestLoad>.Empty;

    internal int Parts => 1 + Metrics.Count + Endpoints.Values.Sum(endpoint => endpoint.Parts);

    /// <summary>This time and a later one together.</summary>
    public RequestLoad Plus(RequestLoad later) => new(
        Sum.Of(Issued, later.Issued), Sum.Of(Succeeded, later.Succeeded), Sum.Of(Failed, later.Failed), later.InProgress)
    {
        Metrics = Sum.Of(Metrics, later.Metrics, static (sum, more) => sum.Plus(more)),
        Endpoints = Sum.Of(Endpoints, later.Endpoints, static (sum, more) => sum.Plus(more)),
    };

    /// <summary>Without the metrics and endpoints that another has not.</summary>
    internal RequestLoad Only(RequestLoad named) => this with
    {
        Metrics = Metrics.RemoveRange(Metrics.Keys.Where(name => !named.Metrics.ContainsKey(name))),
        Endpoints = Endpoints.RemoveRange(Endpoints.Keys.Where(address => !named.Endpoints.ContainsKey(address))),
    };
}

/// <summary>A metric that endpoints report with their responses.</summary>
/// <param name="Requests">How many responses had it.</param>
/// <param name="Total">The sum of its values; the mean is this by <paramref name="Requests"/>.</param>
public sealed record MetricLoad(long Requests, double Total)
{
    /// <summary>This time and a later one together.</summary>
    public MetricLoad Plus(MetricLoad later) =>
        new(Sum.Of(Requests, later.Requests), Math.Clamp(Total + later.Total, double.MinValue, double.MaxValue));
}
