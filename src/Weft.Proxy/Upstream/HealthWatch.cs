namespace Weft.Proxy.Upstream;

/// <summary>
/// The loop that asks a cluster's endpoints how they are, and takes back those that were put aside. It lives as long as
/// the cluster's definition.
/// </summary>
internal sealed class HealthWatch(UpstreamPool pool, ClusterConfig config, TimeProvider time)
{
    /// <summary>So many endpoints are asked at a time.</summary>
    private const int AtOnce = 32;

    /// <summary>Envoy's default; but a name such as <c>outbound|80||shop</c> is no host, and cannot be sent.</summary>
    private readonly string? _host = HealthQuestion.IsHost(config.Name) ? config.Name : null;

    private readonly Dictionary<Endpoint, HealthState> _states = [];

    /// <summary>
    /// Runs until <paramref name="cancellation"/>; then ends without an error. Only a bug ends it earlier.
    /// </summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        List<Task> loops = [];
        if (config.HealthCheck is { } check)
        {
            loops.Add(AskAsync(check, ending.Token));
        }

        if (config.Outlier is { } outlier)
        {
            loops.Add(SweepAsync(outlier, ending.Token));
        }

        // One that breaks takes the other one along, so that it is heard of at once.
        await Task.WhenAny(loops);
        await ending.CancelAsync();
        try
        {
            await Task.WhenAll(loops);
        }
        catch (Exception e) when (
            e is OperationCanceledException or ObjectDisposedException && cancellation.IsCancellationRequested)
        {
            // The end that was asked for. The pool's connections may go before the last question is asked.
        }
    }

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
    private async Task<bool> AskAllAsync(
        HealthCheckConfig check, UpstreamCluster cluster, CancellationToken cancellation)
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

    private async Task<HealthAnswer> AskAsync(
        HealthCheckConfig check, Endpoint endpoint, CancellationToken cancellation)
    {
        using var patience = new CancellationTokenSource(check.Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellation);
        return await HealthQuestion.AskAsync(endpoint, check.Probe, _host, pool.Invoker, either.Token);
    }
}
