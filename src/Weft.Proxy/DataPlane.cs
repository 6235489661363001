using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Diagnostics;
using System.Net;
using Microsoft.Extensions.Logging;
using Weft.Flow;
using Weft.Proxy.AccessLogs;
using Weft.Proxy.Config;
using Weft.Proxy.Filters;
using Weft.Proxy.Forwarding;
using Weft.Proxy.Listening;
using Weft.Proxy.Routing;
using Weft.Proxy.Stats;
using Weft.Proxy.Tcp;
using Weft.Proxy.Tls;
using Weft.Proxy.Upstream;
using Weft.Xds;
using Weft.Xds.Client;

namespace Weft.Proxy;

/// <summary>Follows what the control plane told and puts it to use: one loop, which alone changes anything.</summary>
/// <param name="broken">Fails where something broke that the plane has started.</param>
internal sealed class DataPlane(
    ProxySettings settings,
    Latest<XdsClientSnapshot> source,
    ProxyStats stats,
    ListenerSet listeners,
    AccessLogSet logs,
    HostLookup hosts,
    FilterShelf filters,
    CertificateWatch certificates,
    TaskCompletionSource broken,
    ILogger logger)
{
    private static readonly TimeSpan BindRetry = TimeSpan.FromSeconds(2);

    // As long as Envoy waits for what it has asked for first (ConfigSource.initial_fetch_timeout): there are control planes
    // that never say of an assignment that there is none.
    private static readonly TimeSpan FirstPatience = TimeSpan.FromSeconds(15);

    private long? _holdsSince;
    private WarmConfig _config = WarmConfig.Empty;
    private volatile FrozenDictionary<string, UpstreamCluster> _clusters =
        FrozenDictionary<string, UpstreamCluster>.Empty;

    /// <summary>The clusters in use; any thread may ask.</summary>
    public FrozenDictionary<string, UpstreamCluster> Clusters => _clusters;

    public Latest<ProxyStatus> Status { get; } = new(new(false, [], 0, [], [], source.Value));

    /// <summary>
    /// Runs until <paramref name="cancellation"/>; then ends without an error. Fails where something that it started
    /// broke.
    /// </summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            var version = source.Current;
            var inbound = settings.Inbound.Wish.Current;
            await ApplyAsync(version.Value, inbound.Value.Admits, cancellation);
            settings.Inbound.Fulfil(inbound.Value, listeners.Draining);
            Task change = Task.WhenAny(version.Replaced, inbound.Replaced);
            var next = listeners.HasFailures || _holdsSince is not null
                ? Task.WhenAny(
                    change, Task.Delay(_holdsSince is null ? BindRetry : FirstPatience, settings.Time, cancellation))
                : change;
            Task either = Task.WhenAny(next, broken.Task);
            await either.WaitAsync(cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (broken.Task.IsFaulted)
            {
                await broken.Task;
            }
        }
    }

    /// <summary>
    /// Closes all listeners after their requests in flight, within the drain timeout, then the pools.
    /// </summary>
    public async Task CloseAsync()
    {
        await listeners.CloseAsync();
        foreach (var cluster in _clusters.Values)
        {
            cluster.Pool.StopWatching();
            cluster.Pool.Leave();
        }

        filters.Close();
        await logs.CloseAsync();
    }

    private async Task ApplyAsync(XdsClientSnapshot known, bool admitsPeers, CancellationToken cancellation)
    {
        var config = _config.Step(
            known, isPatient: _holdsSince is not { } since || settings.Time.GetElapsedTime(since) < FirstPatience);
        _holdsSince = config.HoldsListeners ? _holdsSince ?? settings.Time.GetTimestamp() : null;
        var former = _clusters;
        if (config.Clusters != _config.Clusters)
        {
            _clusters = config.Clusters.ToFrozenDictionary(
                c => c.Key, c => Upstream(c.Value, former.GetValueOrDefault(c.Key)));
        }

        _config = config;
        await listeners.ApplyAsync(
            config.Listeners.Values.Where(l => admitsPeers || !l.Config.IsInbound).Select(View), cancellation);
        certificates.InUse.Set(
        [
            .. config.Listeners.Values.SelectMany(l => l.Chains).SelectMany(c => c.Certificates)
                .Where(c => c.IsInFiles).Distinct(),
        ]);
        hosts.Own = [.. listeners.Status.Select(s => s.Address).OfType<IPEndPoint>()];
        logs.Keep(
            config.Listeners.Values.SelectMany(l => l.Config.Http)
                .SelectMany(h => h.Logs).Select(l => l.Name).ToHashSet());
        // Only now, when no new request can find them, do the pools of former clusters end.
        Retire(former);
        filters.Keep(FiltersOf(config, known));
        stats.Keep(_clusters.Values.Select(c => c.Config.StatName).ToHashSet(StringComparer.Ordinal));
        Publish(known);
    }

    /// <summary>What requests can meet, and what listeners that still wait will.</summary>
    private static HashSet<HeldFilter> FiltersOf(WarmConfig config, XdsClientSnapshot known) =>
    [
        .. config.Listeners.Values.SelectMany(l => l.Chains).SelectMany(c => c.Filters).Select(f => f.Filter).OfType<HeldFilter>(),
        .. known[TypeUrl.ExtensionConfig].Resources.Values.Select(r => (HeldFilter)r.Value!),
    ];

    private ConnectionView View(WarmListener warm) =>
        new(warm.Config, [.. warm.Chains.Select(View)], stats.ListenerOf(warm.Config.StatName));

    private ChainView View(WarmChain chain) => chain.Config.Traffic switch
    {
        HttpConfig http => new(chain.Config, chain.Certificates, View(http, chain.Routes!, chain.Filters), null),
        TcpConfig tcp => new(chain.Config, chain.Certificates, null, new(tcp, _clusters, stats.TcpOf(tcp.StatPrefix))),
        _ => throw new UnreachableException(),
    };

    private ListenerView View(HttpConfig config, RouteTable routes, ImmutableArray<ReadyFilter> filters) =>
        new(config, routes, _clusters, stats.HttpOf(config.StatPrefix)) { Logs = logs.Open(config.Logs), Filters = filters };

    private UpstreamCluster Upstream(WarmCluster warm, UpstreamCluster? former)
    {
        var clusterStats = stats.Cluster(warm.Config.StatName);
        if (former is not null && former.Config == warm.Config && former.Told == warm.Endpoints)
        {
            return former;
        }

        var pool = former is not null && former.Config == warm.Config
            ? former.Pool
            : new UpstreamPool(warm.Config, clusterStats, settings.Dice);
        var cluster = new UpstreamCluster(
            pool.Attach(warm.Endpoints), warm.Config, pool, clusterStats, settings.Dice);
        pool.Current = cluster;
        // What changed between the two lines above was told to the former one.
        cluster.Rebalance();
        if (pool != former?.Pool)
        {
            pool.Watch(warm.Config, settings.Time, e => broken.TrySetException(e));
        }

        return cluster;
    }

    private void Retire(FrozenDictionary<string, UpstreamCluster> former)
    {
        foreach (var (name, cluster) in former)
        {
            if (_clusters.GetValueOrDefault(name)?.Pool != cluster.Pool)
            {
                cluster.Pool.StopWatching();
                cluster.Pool.Leave();
            }
        }
    }

    private void Publish(XdsClientSnapshot known)
    {
        var bound = listeners.Status;
        var complete = known[TypeUrl.Cluster].Answered && known[TypeUrl.Listener].Answered
            && _config.WarmingClusters.IsEmpty && _config.WarmingListeners.IsEmpty && !listeners.HasFailures;
        if (complete && !Status.Value.Ready)
        {
            DataPlaneLog.Ready(logger, settings.NodeId, bound.Length, _clusters.Count);
        }

        Status.Set(new(
            complete || Status.Value.Ready, bound, _clusters.Count, _config.WarmingClusters, _config.WarmingListeners,
            known)
        {
            Tracing = Tracing(),
        });
    }

    /// <summary>The listeners of one proxy name one collector; the first by name counts where they do not.</summary>
    private TracingTarget? Tracing() =>
        _config.Listeners.Values.OrderBy(l => l.Config.Name, StringComparer.Ordinal)
            .SelectMany(l => l.Config.Http).Select(h => h.Tracing).FirstOrDefault(t => t is not null) is { } tracing
        && _clusters.TryGetValue(tracing.Collector, out var collector)
        && collector.Endpoints.Endpoints is [var endpoint, ..]
            ? new(tracing.ServiceName, endpoint.Address)
            : null;
}
