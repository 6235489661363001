using System.Collections.Immutable;
using Envoy.Config.Route.V3;
using Route = Envoy.Config.Route.V3.Route;

namespace Weft.Preview;

/// <summary>How a route stands to a request.</summary>
internal enum RouteVerdict
{
    /// <summary>A condition does not hold.</summary>
    Misses,

    /// <summary>Nothing is against it, but a condition asks for what a request alone does not say.</summary>
    Unknown,

    /// <summary>It takes the request, or its share of such requests.</summary>
    Takes,

    /// <summary>It fits, and a route before it takes all.</summary>
    Loses,
}

/// <summary>A route of the virtual host as the request meets it.</summary>
/// <param name="Index">Its place, from 0.</param>
/// <param name="Share">Of such requests, the part that it takes: from 0 to 1.</param>
internal sealed record RouteStep(
    int Index, Route Route, RouteVerdict Verdict, double Share, ImmutableArray<Judgement> Conditions)
{
    /// <summary>What is against it, or cannot be told.</summary>
    public IEnumerable<Judgement> Against => Conditions.Where(c => c.Fit != Fit.Yes);
}

/// <summary>
/// Which route of a table takes a request, and why the others do not. Works on what the proxy itself gets, so it tells
/// the truth whoever made the table.
/// </summary>
/// <param name="Choice">The virtual host; null where none has the host: then the answer is 404.</param>
/// <param name="Steps">All routes of the virtual host, in order.</param>
internal sealed record RouteExplanation(
    RouteConfiguration Table, RouteRequest Request, DomainChoice? Choice, ImmutableArray<RouteStep> Steps)
{
    /// <summary>The part of such requests that no route takes: it gets 404.</summary>
    public double Left => 1 - Steps.Sum(s => s.Share);

    public IEnumerable<RouteStep> Takers => Steps.Where(s => s.Verdict == RouteVerdict.Takes);

    /// <summary>Explains one request.</summary>
    public static RouteExplanation Of(RouteConfiguration table, RouteRequest request)
    {
        var choice = DomainChoice.Of(table, request);
        return new(table, request, choice, choice is null ? [] : StepsOf(choice.Host, request));
    }

    /// <summary>The route that takes the request for one throw of the dice; null where it gets 404.</summary>
    /// <param name="dice">
    /// From 0 to below 1. One throw decides about all routes that take a share, as in Envoy: a route takes what is below
    /// its share and not taken before.
    /// </param>
    public Route? Winner(double dice = 0) => Takers
        .FirstOrDefault(step => dice < Conditions.ShareOf(step.Route.Match))?.Route;

    private static ImmutableArray<RouteStep> StepsOf(VirtualHost host, RouteRequest request)
    {
        var steps = ImmutableArray.CreateBuilder<RouteStep>(host.Routes.Count);
        var taken = 0.0;
        foreach (var (index, route) in host.Routes.Index())
        {
            var conditions = Conditions.Of(route.Match).Select(c => c.Judge(request)).ToImmutableArray();
            var fit = conditions.IsEmpty ? Fit.Yes : conditions.Min(c => c.Fit);
            var upTo = Conditions.ShareOf(route.Match);
            var (verdict, share) = fit switch
            {
                Fit.No => (RouteVerdict.Misses, 0.0),
                Fit.Unknown => (RouteVerdict.Unknown, 0.0),
                _ when upTo <= taken => (RouteVerdict.Loses, 0.0),
                _ => (RouteVerdict.Takes, upTo - taken),
            };
            taken += share;
            steps.Add(new(index, route, verdict, share, conditions));
        }

        return steps.ToImmutable();
    }
}
