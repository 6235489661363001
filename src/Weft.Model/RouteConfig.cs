using System.Collections.Immutable;
using Weft.Flow;

namespace Weft.Model;

/// <summary>The kinds of routes.</summary>
public enum RouteKind
{
    /// <summary><c>HTTPRoute</c>.</summary>
    Http,

    /// <summary><c>GRPCRoute</c>.</summary>
    Grpc,
}

/// <summary>
/// An <c>HTTPRoute</c> or <c>GRPCRoute</c> of the Gateway API. Its parents are gateways, or services (a mesh route, as
/// GAMMA has it).
/// </summary>
/// <param name="Hosts">
/// The hosts that it is for, on gateways: literal, or with <c>*</c> as the first label; empty for all of the listener's.
/// </param>
/// <param name="Created">When it was made, which decides between equals; null where it does not say.</param>
public sealed record RouteConfig(
    RouteKind Kind,
    ObjectName Name,
    DateTimeOffset? Created,
    ImmutableArray<ParentRefConfig> Parents,
    ImmutableArray<string> Hosts,
    ImmutableArray<RouteRuleConfig> Rules,
    SourcePosition Where)
{
    /// <summary>The kind and the name as people write them.</summary>
    public override string ToString() => $"{(Kind == RouteKind.Grpc ? "GRPCRoute" : "HTTPRoute")} {Name}";
}

/// <summary>What a route attaches to.</summary>
/// <param name="IsGateway">Whether it is a <c>Gateway</c>, else a <c>Service</c>.</param>
/// <param name="Port">One port of it; all where null.</param>
/// <param name="Section">One listener of a gateway or one port of a service, by its name; all where null.</param>
public sealed record ParentRefConfig(
    bool IsGateway, ObjectName Name, int? Port, string? Section, SourcePosition Where);

/// <summary>A rule: requests that fit any of the matches go to the backends by weight.</summary>
/// <param name="Name">Its name, by which policies may choose it; null where it has none.</param>
/// <param name="Affinity">From its <c>sessionPersistence</c>, which goes before any policy.</param>
/// <param name="Refused">Why its requests get 500, whatever else it says; null where they do not.</param>
public sealed record RouteRuleConfig(
    string? Name,
    ImmutableArray<RouteMatch> Matches,
    RouteFilters<BackendRefConfig> Filters,
    ImmutableArray<BackendRefConfig> Backends,
    TimeSpan? Timeout,
    TimeSpan? BackendTimeout,
    RetryPolicy? Retry,
    SessionAffinity? Affinity = null,
    Refusal? Refused = null)
{
    /// <summary>What an <c>HTTPRoute</c> without rules has: every request fits, and gets 500.</summary>
    public static RouteRuleConfig Default { get; } =
        new(null, [RouteMatch.Any], RouteFilters.None<BackendRefConfig>(), [], null, null, null);
}

/// <summary>A backend of a rule.</summary>
/// <param name="Kind">What it is, <c>Service</c> or something that is not known here.</param>
/// <param name="Weight">0 to 1,000,000; its share is its part of the sum.</param>
/// <param name="Refused">Why its share gets 500 though it may exist; null where it does not.</param>
public sealed record BackendRefConfig(
    string Kind,
    ObjectName Service,
    int? Port,
    int Weight,
    HeaderModifier RequestHeaders,
    HeaderModifier ResponseHeaders,
    SourcePosition Where,
    Refusal? Refused = null);
