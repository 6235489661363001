using System.Globalization;
using Weft.Proxy.AccessLogs;
using Weft.Proxy.Routing;
using Weft.Proxy.Upstream;

namespace Weft.Proxy.Forwarding;

/// <summary>How often one request was tried, and whether it is tried again.</summary>
internal sealed class RetryState(RetryPolicy policy, UpstreamCluster cluster, ReplayBody? body) : IDisposable
{
    private List<Endpoint>? _tried;
    private int _done;
    private bool _holdsPermit;

    /// <summary>Whether the last try is to be repeated.</summary>
    public bool Again { get; private set; }

    /// <summary>Why there is no other try, where one is wanted.</summary>
    public ResponseFlags Flags { get; private set; }

    public TimeSpan Delay(double dice) => policy.Delay(_done, dice);

    /// <summary>Whether an endpoint is passed over because it was tried.</summary>
    public bool Avoids(Endpoint endpoint) => _tried is not null && _tried.Contains(endpoint);

    public int HostAttempts => policy.AvoidPrevious ? policy.HostAttempts : 0;

    public void Begin(Endpoint endpoint)
    {
        Again = false;
        if (policy.AvoidPrevious)
        {
            (_tried ??= []).Add(endpoint);
        }
    }

    public bool DecideAfter(HttpResponseMessage response)
    {
        var grpc = response.Headers.TryGetValues("grpc-status", out var values)
            && int.TryParse(values.First(), NumberStyles.None, CultureInfo.InvariantCulture, out var status)
            ? status
            : (int?)null;
        var limited = response.Headers.Contains("x-envoy-ratelimited");
        return Decide(policy.Fits((int)response.StatusCode, grpc, limited));
    }

    public bool DecideAfter(ResetKind kind) => Decide(policy.Fits(kind));

    /// <summary>Gives back the permit of the retry that was the last.</summary>
    public void Dispose()
    {
        if (_holdsPermit)
        {
            _holdsPermit = false;
            cluster.Pool.Retries.Leave();
        }
    }

    private bool Decide(bool wanted)
    {
        if (_holdsPermit && !wanted)
        {
            cluster.Stats.RetrySuccesses.Increment();
        }

        Dispose();
        Again = wanted && TryPermit();
        return Again;
    }

    private bool TryPermit()
    {
        if (_done == policy.Retries)
        {
            Flags |= ResponseFlags.URX;
            cluster.Stats.RetriesExhausted.Increment();
            return false;
        }

        if (body is { CanReplay: false })
        {
            // Counted when it became too large.
            return false;
        }

        if (!cluster.Pool.Retries.TryEnter())
        {
            Flags |= ResponseFlags.UO;
            cluster.Stats.RetryOverflows.Increment();
            return false;
        }

        _done++;
        _holdsPermit = true;
        cluster.Stats.Retries.Increment();
        return true;
    }
}
