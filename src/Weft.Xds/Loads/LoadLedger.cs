using Grpc.Core;

namespace Weft.Xds.Loads;

/// <summary>
/// Writes what clients report into <see cref="XdsServer.Loads"/>, and forgets those that have gone. Safe for any number
/// of threads.
/// </summary>
internal sealed class LoadLedger : IDisposable
{
    private readonly XdsServer _server;
    private readonly LoadReportSettings _settings;
    private readonly LoadMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ITimer _forgetting;

    public LoadLedger(XdsServer server, LoadMetrics metrics, TimeProvider time)
    {
        (_server, _metrics, _time) = (server, metrics, time);
        _settings = server.Settings.LoadReports ?? new();
        _forgetting = time.CreateTimer(_ => Forget(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    private DateTimeOffset Oldest => _time.GetUtcNow() - _server.Settings.KeepDisconnected;

    /// <summary>A stream of a node has begun.</summary>
    /// <exception cref="RpcException">There is no room for another node.</exception>
    public void Enter(string node)
    {
        var oldest = Oldest;
        var snapshot = _server.Loads.Update(loads => loads.Since(oldest).Entered(node, _settings));
        if (!snapshot.Nodes.ContainsKey(node))
        {
            // Clients that come and go must not keep out those that stay: those that have gone are forgotten at once.
            snapshot = _server.Loads.Update(loads => loads.Since(DateTimeOffset.MaxValue).Entered(node, _settings));
        }

        if (!snapshot.Nodes.ContainsKey(node))
        {
            throw new RpcException(new Status(StatusCode.ResourceExhausted, "More loads are not kept."));
        }
    }

    /// <summary>A node has reported.</summary>
    /// <exception cref="RpcException">The report is none.</exception>
    public void Take(string node, Envoy.Service.LoadStats.V3.LoadStatsRequest request)
    {
        var report = LoadReading.Read(request);
        var (now, oldest) = (_time.GetUtcNow(), Oldest);
        _server.Loads.Update(loads => loads.Reported(node, report, now, oldest, _settings));
        _metrics.Reported(report);
    }

    /// <summary>A stream of a node has ended.</summary>
    public void Leave(string node)
    {
        var now = _time.GetUtcNow();
        _server.Loads.Update(loads => loads.Left(node, now));
        // One timer is enough: whoever went before has then been gone for longer.
        _forgetting.Change(_server.Settings.KeepDisconnected + TimeSpan.FromMilliseconds(1), Timeout.InfiniteTimeSpan);
    }

    public void Dispose() => _forgetting.Dispose();

    private void Forget()
    {
        var oldest = Oldest;
        _server.Loads.Update(loads => loads.Since(oldest));
    }
}
