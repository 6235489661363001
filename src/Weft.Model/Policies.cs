using System.Collections.Immutable;
using Weft.Flow;

namespace Weft.Model;

/// <summary>A <c>TrafficPolicy</c> of <c>weft.dev/v1alpha1</c>: how requests to its targets are treated.</summary>
public sealed record TrafficPolicyConfig(
    ObjectName Name,
    DateTimeOffset? Created,
    ImmutableArray<PolicyTargetConfig> Targets,
    TrafficPolicy Policy,
    SourcePosition Where);

/// <summary>The kinds of objects that a policy attaches to.</summary>
public enum PolicyTargetKind
{
    Service,
    HTTPRoute,
    GRPCRoute,
}

/// <summary>What a policy attaches to.</summary>
/// <param name="Section">One port of a service, or one rule of a route, by its name; all where null.</param>
public sealed record PolicyTargetConfig(PolicyTargetKind Kind, ObjectName Name, string? Section, SourcePosition Where);

/// <summary>How requests are treated. What is null keeps its default (<c>docs/policies.md</c>).</summary>
public sealed record TrafficPolicy(
    RetryPolicy? Retry = null,
    RateLimit? RateLimit = null,
    SessionAffinity? Affinity = null,
    LoadBalancing? LoadBalancing = null,
    CircuitBreaker? CircuitBreaker = null,
    OutlierDetection? OutlierDetection = null,
    ConnectionSettings? Connection = null,
    HealthCheck? HealthCheck = null)
{
    /// <summary>All defaults.</summary>
    public static TrafficPolicy None { get; } = new();

    /// <summary>This policy, and another where this one says nothing.</summary>
    public TrafficPolicy Over(TrafficPolicy wider) => new(
        Retry ?? wider.Retry,
        RateLimit ?? wider.RateLimit,
        Affinity ?? wider.Affinity,
        LoadBalancing ?? wider.LoadBalancing,
        CircuitBreaker ?? wider.CircuitBreaker,
        OutlierDetection ?? wider.OutlierDetection,
        Connection ?? wider.Connection,
        HealthCheck ?? wider.HealthCheck);
}

/// <summary>When a request is tried again. What is null keeps its default.</summary>
/// <param name="On">Envoy's conditions, such as <c>5xx</c>; empty for the default ones.</param>
/// <param name="Codes">Statuses of HTTP that are tried again besides.</param>
/// <param name="Attempts">How often it is tried again at the most.</param>
/// <param name="Backoff">The wait before the first retry, at the least.</param>
/// <param name="PerTryTimeout">The bound on one try.</param>
public sealed record RetryPolicy(
    ImmutableArray<string> On, ImmutableArray<int> Codes, int? Attempts, TimeSpan? Backoff, TimeSpan? PerTryTimeout);

/// <summary>How many requests each proxy lets pass; the others get 429.</summary>
/// <param name="Burst">How many may come at once after a pause.</param>
public sealed record RateLimit(int Requests, TimeSpan Per, int Burst);

/// <summary>Requests of one session go to one endpoint for as long as it lives.</summary>
/// <param name="Name">The name of the cookie, or of the header.</param>
/// <param name="Ttl">How long a browser keeps the cookie; until it is closed where null.</param>
public sealed record SessionAffinity(bool IsCookie, string Name, TimeSpan? Ttl, string Path);

/// <summary>The ways to choose an endpoint.</summary>
public enum LoadBalancingAlgorithm
{
    /// <summary>One after the other.</summary>
    RoundRobin,

    /// <summary>The one of two random ones that has fewer requests in flight.</summary>
    LeastRequest,

    /// <summary>By chance.</summary>
    Random,

    /// <summary>By a hash of the request, such that few change place when endpoints come or go.</summary>
    RingHash,

    /// <summary>As the former, with a table that is quicker to look up.</summary>
    Maglev,
}

/// <summary>How an endpoint is chosen.</summary>
/// <param name="Hash">What of the request is hashed, where the algorithm does so.</param>
public sealed record LoadBalancing(LoadBalancingAlgorithm Algorithm, HashKey? Hash);

/// <summary>What of a request is hashed.</summary>
/// <param name="Kind"><c>Header</c>, <c>Cookie</c> or <c>SourceAddress</c>.</param>
/// <param name="Name">Of the header or the cookie.</param>
/// <param name="Ttl">A cookie that is missing is made, to be kept for so long; null: none is made.</param>
public sealed record HashKey(string Kind, string Name, TimeSpan? Ttl);

/// <summary>How much of a service one proxy takes up at once; what is more gets 503.</summary>
public sealed record CircuitBreaker(int? MaxConnections, int? MaxPendingRequests, int? MaxRequests, int? MaxRetries);

/// <summary>When an endpoint that fails is left out for a while.</summary>
/// <param name="Consecutive5xx">After so many answers of 5xx in a row.</param>
/// <param name="ConsecutiveGatewayErrors">After so many of 502, 503 or 504, or failed connections, in a row.</param>
/// <param name="BaseEjectionTime">For so long, times the number of times it has been left out.</param>
/// <param name="MaxEjectionPercent">At most this part of the endpoints, but always one.</param>
public sealed record OutlierDetection(
    int? Consecutive5xx,
    int? ConsecutiveGatewayErrors,
    TimeSpan? Interval,
    TimeSpan? BaseEjectionTime,
    int? MaxEjectionPercent);

/// <summary>Connections to endpoints.</summary>
/// <param name="Idle">A connection without requests is closed after this time.</param>
public sealed record ConnectionSettings(TimeSpan? ConnectTimeout, TimeSpan? Idle, int? MaxRequestsPerConnection, bool Keepalive);

/// <summary>Requests of the proxy's own that tell whether an endpoint works.</summary>
/// <param name="Kind"><c>Http</c>, <c>Tcp</c> or <c>Grpc</c>.</param>
public sealed record HealthCheck(
    string Kind, string Path, TimeSpan Interval, TimeSpan Timeout, int UnhealthyThreshold, int HealthyThreshold);
