using Weft.Proxy.Stats;

namespace Weft.Proxy.Upstream;

/// <summary>When an endpoint is put aside for how it answers.</summary>
/// <param name="Errors">After so many 5xx in a row; connections that fail or break count as 503.</param>
/// <param name="GatewayErrors">After so many 502, 503 and 504 in a row.</param>
/// <param name="ErrorsPercent">How often the first of these is acted on.</param>
/// <param name="BaseTime">For how long, times the number of ejections before.</param>
/// <param name="MaxPercent">Of the endpoints, so many may be put aside at most.</param>
/// <param name="AlwaysOne">Whether one may be put aside even if that is more.</param>
internal sealed record OutlierConfig(
    uint Errors,
    uint GatewayErrors,
    uint ErrorsPercent,
    uint GatewayErrorsPercent,
    TimeSpan Interval,
    TimeSpan BaseTime,
    TimeSpan MaxTime,
    uint MaxPercent,
    bool AlwaysOne);

/// <summary>Puts endpoints of one cluster aside, and takes them back. Safe for any number of threads.</summary>
internal sealed class OutlierDetector(OutlierConfig config, ClusterStats stats, Func<double> dice)
{
    private readonly Lock _lock = new();

    /// <summary>An endpoint has answered. Returns whether it was put aside therefore.</summary>
    public bool Report(Endpoint endpoint, int status, EndpointSet all, DateTimeOffset now)
    {
        var (errors, gatewayErrors) = endpoint.State.Outlier.Add(status);
        var found = (errors > 0 && errors == config.Errors && dice() * 100 < config.ErrorsPercent)
            || (gatewayErrors > 0 && gatewayErrors == config.GatewayErrors
                && dice() * 100 < config.GatewayErrorsPercent);
        endpoint.State.Outlier.Forget(errors == config.Errors, gatewayErrors == config.GatewayErrors);
        return found && TryEject(endpoint.State, all, now);
    }

    /// <summary>To be called once in each interval. Returns whether an endpoint was taken back.</summary>
    public bool Sweep(EndpointSet all, DateTimeOffset now)
    {
        var changed = false;
        lock (_lock)
        {
            foreach (var endpoint in all.Endpoints)
            {
                var outlier = endpoint.State.Outlier;
                if (!endpoint.State.Ejected)
                {
                    outlier.Ejections = Math.Max(0, outlier.Ejections - 1);
                }
                else if (now - outlier.EjectedAt >= TimeOf(outlier.Ejections))
                {
                    outlier.Forget(errors: true, gatewayErrors: true);
                    endpoint.State.Ejected = false;
                    changed = true;
                }
            }

            CountEjected(all);
        }

        return changed;
    }

    private bool TryEject(EndpointState state, EndpointSet all, DateTimeOffset now)
    {
        lock (_lock)
        {
            if (state.Ejected)
            {
                return false;
            }

            // As Envoy 1.40 counts: the one to come must also fit into the share.
            var ejected = all.Endpoints.Count(e => e.State.Ejected);
            if (100.0 * (ejected + 1) / all.Endpoints.Length > config.MaxPercent && !(ejected == 0 && config.AlwaysOne))
            {
                stats.EjectionOverflows.Increment();
                return false;
            }

            state.Outlier.EjectedAt = now;
            state.Outlier.Ejections += config.BaseTime * state.Outlier.Ejections < config.MaxTime ? 1 : 0;
            state.Ejected = true;
            stats.Ejections.Increment();
            CountEjected(all);
            return true;
        }
    }

    private void CountEjected(EndpointSet all) => stats.Ejected = all.Endpoints.Count(e => e.State.Ejected);

    private TimeSpan TimeOf(int ejections)
    {
        var most = config.MaxTime > config.BaseTime ? config.MaxTime : config.BaseTime;
        var asked = config.BaseTime * Math.Max(1, ejections);
        return asked < most ? asked : most;
    }
}
