using System.Collections.Immutable;

namespace Weft.Model;

/// <summary>One match of one rule, ready to be tried in order: the first that fits decides.</summary>
/// <param name="Name">Where it comes from: <c>namespace/route/rule/match</c>, counted from 0.</param>
/// <param name="Backends">A backend that does not exist is kept and marked, so that its share fails alone.</param>
/// <param name="Timeout">The bound on the whole request; null for none.</param>
/// <param name="BackendTimeout">The bound on one try; null for none.</param>
public sealed record Route(
    string Name,
    RouteMatch Match,
    RouteFilters<Backend> Filters,
    ImmutableArray<Backend> Backends,
    TimeSpan? Timeout,
    TimeSpan? BackendTimeout,
    RetryPolicy? Retry,
    RateLimit? RateLimit,
    SessionAffinity? Affinity);

/// <summary>A weighted destination.</summary>
/// <param name="Exists">Whether the snapshot has this port of this service, and the route may send there.</param>
/// <param name="RequestHeaders">Changes to the requests that go to this backend only.</param>
public sealed record Backend(
    ObjectName Service,
    int Port,
    int Weight,
    bool Exists,
    HeaderModifier RequestHeaders,
    HeaderModifier ResponseHeaders);
