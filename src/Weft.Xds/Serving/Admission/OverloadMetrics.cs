using System.Diagnostics.Metrics;

namespace Weft.Xds.Serving;

/// <summary>The instruments that tell how near to its limits the server is.</summary>
internal sealed class OverloadMetrics
{
    private readonly Meter _meter;
    private readonly Counter<long> _refused;
    private readonly Counter<long> _aged;
    private readonly Counter<long> _oversized;

    public OverloadMetrics(IMeterFactory meters, PushGate gate)
    {
        _meter = meters.Create(XdsMetrics.MeterName);
        _refused = _meter.CreateCounter<long>("weft.xds.refused", "{stream}", "Streams refused because of too many others.");
        _aged = _meter.CreateCounter<long>("weft.xds.aged", "{stream}", "Streams ended because of their age.");
        _oversized = _meter.CreateCounter<long>(
            "weft.xds.oversized", "{response}", "Responses above the usual limit of gRPC clients.");
        _meter.CreateObservableGauge(
            "weft.xds.push.waiting", () => gate.Waiting, "{stream}", "Streams that wait for their turn to be served.");
    }

    /// <summary>What the queue is asked for at each scrape.</summary>
    public void Watch(Func<int> waiting, Func<int> syncing)
    {
        _meter.CreateObservableGauge("weft.xds.waiting", waiting, "{stream}", "Streams that wait for their first synchronisation.");
        _meter.CreateObservableGauge("weft.xds.syncing", syncing, "{stream}", "Streams in their first synchronisation.");
    }

    public void Refused(Refusal why) => _refused.Add(1, new KeyValuePair<string, object?>("reason", why switch
    {
        Refusal.TooManyStreams => "streams",
        Refusal.QueueIsFull => "queue",
        _ => "wait",
    }));

    public void Aged() => _aged.Add(1);

    public void Oversized(string typeUrl) => _oversized.Add(1, XdsMetrics.TypeTag(typeUrl));
}
