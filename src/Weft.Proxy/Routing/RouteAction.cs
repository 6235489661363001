using System.Collections.Immutable;
using Weft.Proxy.Filters;

namespace Weft.Proxy.Routing;

/// <summary>What a route does with a request.</summary>
internal abstract record RouteAction
{
    private RouteAction()
    {
    }

    /// <summary>Answers without asking anybody.</summary>
    internal sealed record Direct(int Status, string Body, ImmutableArray<HeaderEdits> Response) : RouteAction;

    /// <summary>Sends the caller elsewhere.</summary>
    internal sealed record Redirect(int Status, RedirectTarget Target, ImmutableArray<HeaderEdits> Response)
        : RouteAction;

    /// <summary>Sends the request to one of the targets.</summary>
    /// <param name="Total">The sum of the weights, at least 1.</param>
    /// <param name="Timeout">From the end of the request to the end of the response; null for none.</param>
    /// <param name="MaxDuration">From the start of the request to the end of the response; null for none.</param>
    internal sealed record Forward(
        ImmutableArray<WeightedTarget> Targets,
        long Total,
        TimeSpan? Timeout,
        TimeSpan? MaxDuration,
        int UnknownClusterStatus)
        : RouteAction
    {
        public PathRewrite? Rewrite { get; init; }

        public HostRewrite? Host { get; init; }

        public RetryPolicy? Retry { get; init; }

        /// <summary>Whether the services learn which try of the request it is.</summary>
        public bool CountsTries { get; init; }

        /// <summary>Whether WebSockets pass; null where the listener decides.</summary>
        public bool? AllowsUpgrade { get; init; }

        public ImmutableArray<MirrorPolicy> Mirrors { get; init; } = [];

        public ImmutableArray<HashPolicy> Hash { get; init; } = [];

        /// <summary>The target on which <paramref name="dice"/> falls; one of weight 0 is never chosen.</summary>
        public WeightedTarget Pick(double dice)
        {
            if (Targets.Length == 1)
            {
                return Targets[0];
            }

            var point = (long)(dice * Total);
            foreach (var target in Targets)
            {
                point -= target.Weight;
                if (point < 0)
                {
                    return target;
                }
            }

            return Targets[^1];
        }
    }
}

/// <summary>Another host for the request.</summary>
/// <param name="AppendForwarded">Whether the former one is appended to <c>x-forwarded-host</c>.</param>
internal sealed record HostRewrite(string Literal, bool AppendForwarded);

/// <summary>A cluster that gets copies of a share of the requests.</summary>
/// <param name="Fraction">From 0 to 1.</param>
/// <param name="MarkHost">Whether the copy's host ends with <c>-shadow</c>.</param>
internal sealed record MirrorPolicy(string Cluster, double Fraction, bool MarkHost);

/// <summary>A cluster and its share.</summary>
/// <param name="Request">The changes of the request's headers, from the innermost level outwards.</param>
/// <param name="Response">The changes of the response's headers.</param>
internal sealed record WeightedTarget(
    string Cluster, uint Weight, ImmutableArray<HeaderEdits> Request, ImmutableArray<HeaderEdits> Response)
{
    /// <summary>What becomes of the listener's filters; null where the target does not say.</summary>
    public FilterOverrides? Filters { get; init; }
}
