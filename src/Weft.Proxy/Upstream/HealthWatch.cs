namespace Weft.Proxy.Upstream;

/// <summary>
/// The loop that asks a cluster's endpoints how they are, and takes back those that were put aside. It lives as long as
/// the cluster's definition.
/// </summary>
internal sealed class HealthWatch(UpstreamPool pool, ClusterConfig config, TimeProvider time)
{
    /// <summary>So many endpoints are asked at a time.</summary>
    private const int AtOnce = 32;

    private readonly Dictionary<Endpoint, HealthState> _states = [];

    /// <summary>Runs until <paramref name="cancellation"/>; then ends without an error.</summary>
    public async Task RunAsync(CancellationToken cancellation) => await Task.WhenAll(
        config.HealthCheck is { } check ? AskAsync(check, cancellation) : Task.CompletedTask,
        config.Outlier is { } outlier ? SweepAsync(outlier, cancellation) : Task.CompletedTask)
        .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    private async Task SweepAsync(OutlierConfig outlier, CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            await Task.Delay(outlier.Interval, time, cancellation);
            if (pool.Current is { } cluster && pool.Outliers!.Sweep(cluster.Endpoints, time.GetUtcNow()))
            {
                cluster.Rebalance();
            }
        }
    }

    private async Task AskAsync(HealthCheckConfig check, CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            var failing = false;
            if (pool.Current is { } cluster)
            {
                failing = await AskAllAsync(check, cluster, cancellation);
            }

            await Task.Delay(failing ? check.UnhealthyInterval : check.Interval, time, cancellation);
        }
    }

    /// <summary>One question to each endpoint. Returns whether one of them is not well.</summary>
    private async Task<bool> AskAllAsync(HealthCheckConfig check, UpstreamCluster cluster, CancellationToken cancellation)
    {
        var endpoints = cluster.Endpoints.Endpoints;
        var answers = new HealthAnswer[endpoints.Length];
        await Parallel.ForAsync(
            0,
            endpoints.Length,
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellation },
            async (i, token) => answers[i] = await AskAsync(check, endpoints[i], token));
        var changed = false;
        var failing = false;
        for (var i = 0; i < answers.Length; i++)
        {
            cluster.Stats.Count(answers[i]);
            var state = _states.GetValueOrDefault(endpoints[i], HealthState.Initial).Step(answers[i], check);
            _states[endpoints[i]] = state;
            changed |= endpoints[i].State.Failing != state.Failing;
            failing |= state.Failing;
            endpoints[i].State.Failing = state.Failing;
        }

        foreach (var gone in _states.Keys.Except(endpoints).ToArray())
        {
            _states.Remove(gone);
        }

        if (changed)
        {
            pool.Current?.Rebalance();
        }

        return failing;
    }

    private async Task<HealthAnswer> AskAsync(HealthCheckConfig check, Endpoint endpoint, CancellationToken cancellation)
    {
        using var patience = new CancellationTokenSource(check.Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellation);
        return await HealthQuestion.AskAsync(endpoint, check.Probe, config.Name, pool.Invoker, either.Token);
    }
}
