using System.Collections.Immutable;
using System.Globalization;
using System.Net.Sockets;
using Envoy.Config.Core.V3;
using Envoy.Config.Endpoint.V3;
using Envoy.Service.LoadStats.V3;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using IPAddress = System.Net.IPAddress;
using RequestReport = Envoy.Config.Endpoint.V3.UpstreamLocalityStats;

namespace Weft.Xds.Loads;

/// <summary>
/// Reports of clients as values. What no client that counts right can say is refused: one such number would spoil the
/// sums for good.
/// </summary>
internal static class LoadReading
{
    /// <summary>How many characters a name may have that is kept.</summary>
    public const int LongestName = 512;

    /// <summary>How many requests a client may have counted since its last report.</summary>
    public const long MostCount = 1L << 48;

    private static readonly TimeSpan LongestInterval = TimeSpan.FromDays(7);

    /// <exception cref="RpcException">A part of it is none: <c>INVALID_ARGUMENT</c>.</exception>
    public static string NodeId(LoadStatsRequest first) => first.Node is { Id.Length: > 0 } node
        ? Name(node.Id, "node.id")
        : throw Refused("The first message must say node.id.");

    /// <exception cref="RpcException">A part of it is none: <c>INVALID_ARGUMENT</c>.</exception>
    public static ImmutableDictionary<LoadCluster, ClusterLoad> Read(LoadStatsRequest request) => Summed(
        request.ClusterStats.Select(stats => KeyValuePair.Create(KeyOf(stats), Read(stats))),
        static (sum, more) => sum.Plus(more));

    private static LoadCluster KeyOf(ClusterStats stats) => stats.ClusterName.Length > 0
        ? new(Name(stats.ClusterName, "cluster_name"), Name(stats.ClusterServiceName, "cluster_service_name"))
        : throw Refused("cluster_name is empty.");

    private static ClusterLoad Read(ClusterStats stats) =>
        new(Interval(stats.LoadReportInterval), Count(stats.TotalDroppedRequests, "total_dropped_requests"))
        {
            DroppedByCategory = Summed(
                stats.DroppedRequests.Select(d => KeyValuePair.Create(
                    Name(d.Category, "category"), Count(d.DroppedCount, "dropped_count"))),
                Sum.Of),
            Localities = Summed(
                stats.UpstreamLocalityStats.Select(l => KeyValuePair.Create(KeyOf(l), Read(l))),
                static (sum, more) => sum.Plus(more)),
        };

    private static LoadLocality KeyOf(RequestReport stats) => new(
        Name(stats.Locality?.Region ?? "", "region"),
        Name(stats.Locality?.Zone ?? "", "zone"),
        Name(stats.Locality?.SubZone ?? "", "sub_zone"),
        stats.Priority);

    private static RequestLoad Read(RequestReport stats) =>
        Counts(
            stats.TotalIssuedRequests, stats.TotalSuccessfulRequests, stats.TotalErrorRequests,
            stats.TotalRequestsInProgress) with
        {
            Metrics = Metrics(
            [
                .. stats.LoadMetricStats,
                .. Named("cpu_utilization", stats.CpuUtilization),
                .. Named("mem_utilization", stats.MemUtilization),
                .. Named("application_utilization", stats.ApplicationUtilization),
            ]),
            Endpoints = Summed(
                stats.UpstreamEndpointStats.Select(e => KeyValuePair.Create(Text(e.Address), Read(e))),
                static (sum, more) => sum.Plus(more)),
        };

    private static RequestLoad Read(UpstreamEndpointStats stats) =>
        Counts(
            stats.TotalIssuedRequests, stats.TotalSuccessfulRequests, stats.TotalErrorRequests,
            stats.TotalRequestsInProgress) with
        {
            Metrics = Metrics(stats.LoadMetricStats),
        };

    private static RequestLoad Counts(ulong issued, ulong succeeded, ulong failed, ulong inProgress) => new(
        Count(issued, "total_issued_requests"),
        Count(succeeded, "total_successful_requests"),
        Count(failed, "total_error_requests"),
        Count(inProgress, "total_requests_in_progress"));

    private static ImmutableDictionary<string, MetricLoad> Metrics(IEnumerable<EndpointLoadMetricStats> stats) => Summed(
        stats.Select(s => KeyValuePair.Create(
            Name(s.MetricName, "metric_name"),
            new MetricLoad(
                Count(s.NumRequestsFinishedWithMetric, "num_requests_finished_with_metric"),
                double.IsFinite(s.TotalMetricValue) ? s.TotalMetricValue : throw Refused("total_metric_value is no number.")))),
        static (sum, more) => sum.Plus(more));

    private static IEnumerable<EndpointLoadMetricStats> Named(string name, UnnamedEndpointLoadMetricStats? stats) =>
        stats is null ? [] :
        [
            new()
            {
                MetricName = name,
                NumRequestsFinishedWithMetric = stats.NumRequestsFinishedWithMetric,
                TotalMetricValue = stats.TotalMetricValue,
            },
        ];

    // "It's possible that two clusters send the same service_name"; and nothing forbids to name one twice.
    private static ImmutableDictionary<TKey, T> Summed<TKey, T>(IEnumerable<KeyValuePair<TKey, T>> parts, Func<T, T, T> plus)
        where TKey : notnull
    {
        var sums = ImmutableDictionary.CreateBuilder<TKey, T>();
        foreach (var (name, part) in parts)
        {
            sums[name] = sums.TryGetValue(name, out var sum) ? plus(sum, part) : part;
        }

        return sums.ToImmutable();
    }

    private static string Text(Address? address) => Name(
        address?.AddressCase switch
        {
            Address.AddressOneofCase.SocketAddress => Text(address.SocketAddress),
            Address.AddressOneofCase.Pipe => address.Pipe.Path,
            Address.AddressOneofCase.EnvoyInternalAddress => address.EnvoyInternalAddress.ServerListenerName,
            _ => "",
        },
        "address");

    private static string Text(SocketAddress address)
    {
        var isV6 = IPAddress.TryParse(address.Address, out var ip) && ip.AddressFamily == AddressFamily.InterNetworkV6;
        var host = isV6 ? $"[{address.Address}]" : address.Address;
        return string.Create(CultureInfo.InvariantCulture, $"{host}:{address.PortValue}");
    }

    private static TimeSpan Interval(Duration? interval)
    {
        var seconds = (interval?.Seconds ?? 0) + ((interval?.Nanos ?? 0) / 1e9);
        return seconds >= 0 && seconds <= LongestInterval.TotalSeconds
            ? TimeSpan.FromSeconds(seconds)
            : throw Refused($"load_report_interval is {seconds} s.");
    }

    // A negative number of a client that counts wrong comes as one above 2^63.
    private static long Count(ulong count, string field) =>
        count <= MostCount ? (long)count : throw Refused($"{field} is {count}; it may be {MostCount} at the most.");

    private static string Name(string name, string field) => name.Length <= LongestName
        ? name
        : throw Refused($"{field} has {name.Length} characters; it may have {LongestName} at the most.");

    private static RpcException Refused(string why) => new(new Status(StatusCode.InvalidArgument, why));
}
