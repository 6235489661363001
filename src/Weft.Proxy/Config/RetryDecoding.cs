using System.Collections.Frozen;
using Envoy.Extensions.Retry.Host.PreviousHosts.V3;
using RetryOn = Weft.Proxy.Routing.RetryOn;
using RetryPolicy = Weft.Proxy.Routing.RetryPolicy;

namespace Weft.Proxy.Config;

/// <summary>When a route tries again.</summary>
internal static class RetryDecoding
{
    private const int MostRetries = 100;

    /// <summary>"The default base interval is 25 milliseconds"; "the default maximum is 10 times the base".</summary>
    private static readonly TimeSpan DefaultDelay = TimeSpan.FromMilliseconds(25);

    private static readonly TimeSpan LeastDelay = TimeSpan.FromMilliseconds(1);

    private static readonly FrozenSet<string> Fields = FrozenSet.Create(
        "retry_on", "num_retries", "per_try_timeout", "retry_back_off", "retriable_status_codes",
        "retry_host_predicate", "host_selection_retry_max_attempts");

    private static readonly FrozenDictionary<string, RetryOn> Conditions = new Dictionary<string, RetryOn>
    {
        ["5xx"] = RetryOn.ServerError,
        ["gateway-error"] = RetryOn.GatewayError,
        ["reset"] = RetryOn.Reset,
        ["reset-before-request"] = RetryOn.ResetBeforeRequest,
        ["connect-failure"] = RetryOn.ConnectFailure,
        ["refused-stream"] = RetryOn.RefusedStream,
        ["retriable-4xx"] = RetryOn.Conflict,
        ["retriable-status-codes"] = RetryOn.Statuses,
        ["envoy-ratelimited"] = RetryOn.RateLimited,
        ["cancelled"] = RetryOn.GrpcCancelled,
        ["deadline-exceeded"] = RetryOn.GrpcDeadlineExceeded,
        ["internal"] = RetryOn.GrpcInternal,
        ["resource-exhausted"] = RetryOn.GrpcResourceExhausted,
        ["unavailable"] = RetryOn.GrpcUnavailable,
        // HTTP/3 is never spoken here.
        ["http3-post-connect-failure"] = RetryOn.None,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public static RetryPolicy? Decode(Envoy.Config.Route.V3.RetryPolicy? message, string where, Refusals refusals)
    {
        if (message is null)
        {
            return null;
        }

        var inside = $"{where} retry_policy";
        refusals.AddUnknown(message, inside, Fields);
        var (least, most) = Delays(message.RetryBackOff, inside, refusals);
        var attempts = message.HostSelectionRetryMaxAttempts;
        return new(
            On(message, inside, refusals),
            (int)Math.Min(MostRetries, message.NumRetries ?? 1),
            ActionDecoding.NoneIfZero(refusals.Read(message.PerTryTimeout, $"{where} per_try_timeout")),
            least,
            most,
            message.RetriableStatusCodes.Select(s => (int)s).ToFrozenSet(),
            AvoidsPrevious(message, inside, refusals),
            (int)Math.Clamp(attempts == 0 ? 1 : attempts, 1, MostRetries));
    }

    private static RetryOn On(Envoy.Config.Route.V3.RetryPolicy message, string where, Refusals refusals)
    {
        var on = RetryOn.None;
        var words = message.RetryOn.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        foreach (var word in words)
        {
            if (Conditions.TryGetValue(word, out var condition))
            {
                on |= condition;
            }
            else if (int.TryParse(word, out _))
            {
                refusals.Add(where, $"retry_on '{word}': name status codes in retriable_status_codes");
            }
            else
            {
                refusals.Add(where, $"retry_on '{word}' is not supported by Weft.Proxy");
            }
        }

        return on;
    }

    private static (TimeSpan Least, TimeSpan Most) Delays(
        Envoy.Config.Route.V3.RetryPolicy.Types.RetryBackOff? message, string where, Refusals refusals)
    {
        if (message is null)
        {
            return (DefaultDelay, DefaultDelay * 10);
        }

        var least = refusals.Read(message.BaseInterval, $"{where} base_interval") ?? TimeSpan.Zero;
        // "Intervals less than one millisecond are rounded up."
        least = least < LeastDelay ? LeastDelay : least;
        if (least > TimeSpan.FromDays(1))
        {
            refusals.Add(where, "base_interval must be at most one day");
            return (DefaultDelay, DefaultDelay * 10);
        }

        var most = refusals.Read(message.MaxInterval, $"{where} max_interval") ?? least * 10;
        if (most < least)
        {
            refusals.Add(where, "max_interval must be greater than or equal to base_interval");
        }

        return (least, most < TimeSpan.FromDays(10) ? most : TimeSpan.FromDays(10));
    }

    private static bool AvoidsPrevious(Envoy.Config.Route.V3.RetryPolicy message, string where, Refusals refusals)
    {
        var avoids = false;
        foreach (var predicate in message.RetryHostPredicate)
        {
            if (predicate.TypedConfig?.Is(PreviousHostsPredicate.Descriptor) is true
                || (predicate.TypedConfig is null && predicate.Name == "envoy.retry_host_predicates.previous_hosts"))
            {
                avoids = true;
            }
            else
            {
                refusals.Add(where, $"retry_host_predicate {predicate.Name} is not supported by Weft.Proxy");
            }
        }

        return avoids;
    }
}
