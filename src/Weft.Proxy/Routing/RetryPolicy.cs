using System.Collections.Frozen;

namespace Weft.Proxy.Routing;

/// <summary>What makes a try worth repeating; Envoy's <c>retry_on</c>.</summary>
[Flags]
internal enum RetryOn
{
    None = 0,
    ServerError = 1 << 0,
    GatewayError = 1 << 1,
    Reset = 1 << 2,
    ResetBeforeRequest = 1 << 3,
    ConnectFailure = 1 << 4,
    RefusedStream = 1 << 5,
    Conflict = 1 << 6,
    Statuses = 1 << 7,
    RateLimited = 1 << 8,
    GrpcCancelled = 1 << 9,
    GrpcDeadlineExceeded = 1 << 10,
    GrpcInternal = 1 << 11,
    GrpcResourceExhausted = 1 << 12,
    GrpcUnavailable = 1 << 13,
}

/// <summary>How a try ended without a response.</summary>
internal enum ResetKind
{
    /// <summary>No connection came about.</summary>
    ConnectFailure,

    /// <summary>The other side did not begin with the request (HTTP/2's REFUSED_STREAM).</summary>
    RefusedStream,

    /// <summary>The try took too long.</summary>
    TryTimeout,

    /// <summary>The connection or stream broke off.</summary>
    Reset,
}

/// <summary>When, how often and where a request is tried again.</summary>
/// <param name="Retries">How often at most, the first try not counted.</param>
/// <param name="PerTry">How long a try may take until its response begins; null for as long as all tries.</param>
/// <param name="BaseDelay">The longest wait before the first retry; doubled for each further one.</param>
/// <param name="AvoidPrevious">Whether endpoints that were tried are passed over.</param>
/// <param name="HostAttempts">How often at most another endpoint is drawn for one try.</param>
internal sealed record RetryPolicy(
    RetryOn On,
    int Retries,
    TimeSpan? PerTry,
    TimeSpan BaseDelay,
    TimeSpan MaxDelay,
    FrozenSet<int> Statuses,
    bool AvoidPrevious,
    int HostAttempts)
{
    public bool Fits(ResetKind kind)
    {
        // "5xx: … or does not respond at all (disconnect/reset/read timeout)"; gateway-error is a part of it.
        var asked = RetryOn.Reset | RetryOn.ServerError | RetryOn.GatewayError;
        asked |= kind switch
        {
            ResetKind.ConnectFailure => RetryOn.ConnectFailure | RetryOn.ResetBeforeRequest,
            ResetKind.RefusedStream => RetryOn.RefusedStream,
            _ => RetryOn.None,
        };
        return (On & asked) != 0;
    }

    /// <param name="grpcStatus">That of a gRPC response that ended with its headers; else null.</param>
    /// <param name="rateLimited">Whether the response says that a rate limiter of Envoy's gave it.</param>
    public bool Fits(int status, int? grpcStatus, bool rateLimited)
    {
        if (rateLimited)
        {
            return Has(RetryOn.RateLimited);
        }

        return (Has(RetryOn.ServerError) && status is >= 500 and <= 599)
            || (Has(RetryOn.GatewayError) && status is >= 502 and <= 504)
            || (Has(RetryOn.Conflict) && status == 409)
            || (Has(RetryOn.Statuses) && Statuses.Contains(status))
            || (grpcStatus is { } grpc && FitsGrpc(grpc));
    }

    /// <summary>A random part of the base delay, doubled for each retry before.</summary>
    /// <param name="retry">From 1.</param>
    public TimeSpan Delay(int retry, double dice)
    {
        var longest = BaseDelay * Math.Pow(2, Math.Min(retry - 1, 30));
        return (longest < MaxDelay ? longest : MaxDelay) * dice;
    }

    private bool FitsGrpc(int status) => status switch
    {
        1 => Has(RetryOn.GrpcCancelled),
        4 => Has(RetryOn.GrpcDeadlineExceeded),
        8 => Has(RetryOn.GrpcResourceExhausted),
        13 => Has(RetryOn.GrpcInternal),
        14 => Has(RetryOn.GrpcUnavailable),
        _ => false,
    };

    private bool Has(RetryOn flag) => (On & flag) != 0;
}
