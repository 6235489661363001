using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Weft.Xds.Serving;

namespace Weft.Xds.Loads;

/// <summary>The instruments of load reports, on the server's meter.</summary>
internal sealed class LoadMetrics
{
    // A client may name any text as a cluster: after so many, others are counted together.
    private const string Other = "other";

    private readonly Counter<long> _requests;
    private readonly Counter<long> _reports;
    private readonly int _mostSeries;
    private readonly ConcurrentDictionary<(string Cluster, string Locality), bool> _series = new();
    private int _count;

    public LoadMetrics(IMeterFactory meters, XdsServer server)
    {
        var meter = meters.Create(XdsMetrics.MeterName);
        _mostSeries = server.Settings.LoadReports?.MostSeries ?? 0;
        _requests = meter.CreateCounter<long>(
            "weft.xds.load.requests", "{request}", "Requests to clusters that clients reported, by outcome.");
        _reports = meter.CreateCounter<long>("weft.xds.load.reports", "{report}", "Load reports received.");
    }

    public void Reported(ImmutableDictionary<LoadCluster, ClusterLoad> report)
    {
        _reports.Add(1);
        foreach (var (cluster, load) in report)
        {
            Add(load.Dropped, cluster.Name, "", "dropped");
            foreach (var (locality, requests) in load.Localities)
            {
                Add(requests.Succeeded, cluster.Name, locality.ToString(), "success");
                Add(requests.Failed, cluster.Name, locality.ToString(), "error");
            }
        }
    }

    private void Add(long count, string cluster, string locality, string outcome)
    {
        if (count > 0)
        {
            var series = Known((cluster, locality)) ? (cluster, locality) : (cluster: Other, locality: "");
            _requests.Add(count, new TagList
            {
                { "cluster", series.cluster }, { "locality", series.locality }, { "outcome", outcome },
            });
        }
    }

    private bool Known((string, string) series)
    {
        if (_series.ContainsKey(series))
        {
            return true;
        }

        // Counted beside the dictionary, whose own count locks it; two threads may both be refused the last place.
        if (Interlocked.Increment(ref _count) <= _mostSeries && _series.TryAdd(series, true))
        {
            return true;
        }

        Interlocked.Decrement(ref _count);
        return _series.ContainsKey(series);
    }
}
