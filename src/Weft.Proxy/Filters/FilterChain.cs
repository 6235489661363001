using Microsoft.AspNetCore.Http;
using Weft.Proxy.AccessLogs;
using Weft.Proxy.Forwarding;
using Weft.Proxy.Stats;

namespace Weft.Proxy.Filters;

/// <summary>Runs the filters of a listener before a request is forwarded.</summary>
internal sealed class FilterChain(TimeProvider time, Func<double> dice, ProxyStats stats)
{
    /// <summary>Null where the request goes on; else its answer is under way.</summary>
    public Task? Run(Exchange exchange, ListenerView view, FilterOverrides overrides)
    {
        foreach (var filter in view.Config.Filters)
        {
            var answer = overrides.Of(filter) switch
            {
                CorsPolicy policy => Cors(exchange, policy),
                SessionAffinity affinity => Keep(exchange, affinity),
                LocalRateLimit limit => Limit(exchange, limit),
                _ => null,
            };
            if (answer is not null)
            {
                return answer;
            }
        }

        return null;
    }

    private Task? Keep(Exchange exchange, SessionAffinity affinity)
    {
        var now = time.GetUtcNow();
        exchange.Session = new(affinity, affinity.Find(exchange.Request, now), now);
        return null;
    }

    private Task? Cors(Exchange exchange, CorsPolicy policy)
    {
        var request = exchange.Context.Request;
        var origin = request.Headers.Origin.ToString();
        if (origin.Length == 0 || (policy.Enabled < 1 && dice() >= policy.Enabled))
        {
            return null;
        }

        var isPreflight = CorsPolicy.IsPreflight(request);
        if (!policy.Allows(origin))
        {
            return isPreflight && !policy.ForwardsOthers ? exchange.ReplyAsync(StatusCodes.Status200OK, "") : null;
        }

        if (!isPreflight)
        {
            exchange.Cors = (policy, origin);
            return null;
        }

        policy.AnswerPreflight(request.Headers, exchange.Context.Response.Headers, origin);
        exchange.Server.Apply(exchange.Context.Response.Headers);
        return Task.CompletedTask;
    }

    private Task? Limit(Exchange exchange, LocalRateLimit limit)
    {
        if (limit.Enabled < 1 && dice() >= limit.Enabled)
        {
            return null;
        }

        var counts = stats.RateLimitOf(limit.StatPrefix);
        counts.Enabled.Increment();
        if (limit.Bucket.TryTake(time.GetUtcNow()))
        {
            counts.Ok.Increment();
            return null;
        }

        counts.Limited.Increment();
        if (limit.Enforced < 1 && dice() >= limit.Enforced)
        {
            return null;
        }

        counts.Enforced.Increment();
        exchange.Flags |= ResponseFlags.RL;
        exchange.LocalEdits = limit.Headers;
        return exchange.ReplyAsync(limit.Status, "local_rate_limited");
    }
}
