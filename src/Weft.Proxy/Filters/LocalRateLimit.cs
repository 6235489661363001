using Weft.Proxy.Routing;

namespace Weft.Proxy.Filters;

/// <summary>So many requests in so much time.</summary>
/// <param name="Status">The answer to a request too many.</param>
/// <param name="Enabled">The share of the requests that are counted.</param>
/// <param name="Enforced">The share of the requests too many that are refused.</param>
internal sealed record LocalRateLimit(
    string StatPrefix, int Status, TokenBucket Bucket, double Enabled, double Enforced, HeaderEdits Headers)
    : HttpFilterConfig;

/// <summary>
/// Fills steadily, as Envoy's does, and is full at first. Safe for any number of threads.
/// </summary>
internal sealed class TokenBucket(uint most, double perSecond)
{
    private readonly Lock _lock = new();
    private double _tokens = most;
    private DateTimeOffset? _last;

    public bool TryTake(DateTimeOffset now)
    {
        lock (_lock)
        {
            var passed = now - (_last ?? now);
            _last = passed < TimeSpan.Zero ? _last : now;
            _tokens = Math.Min(most, _tokens + (Math.Max(0, passed.TotalSeconds) * perSecond));
            if (_tokens < 1)
            {
                return false;
            }

            _tokens--;
            return true;
        }
    }
}
