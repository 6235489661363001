using System.Diagnostics.Metrics;

namespace Weft.ControlPlane;

/// <summary>The instruments of the meter <c>Weft</c>.</summary>
internal sealed class WeftMetrics
{
    public const string MeterName = "Weft";

    private readonly Histogram<double> _publish;
    private readonly Counter<long> _unhandled;
    private readonly Counter<long> _held;
    private int _groups;

    public WeftMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        _publish = meter.CreateHistogram(
            "weft.publish.duration", "s", "From a change of the sources to its publication.", null,
            new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5] });
        _unhandled = meter.CreateCounter<long>("weft.http.unhandled", "{exception}", "Exceptions contained in an admin request.");
        _held = meter.CreateCounter<long>("weft.publish.held", "{publication}", "Publications that waited for more changes.");
        meter.CreateObservableGauge("weft.groups", () => _groups, "{group}", "Groups of nodes with resources of their own.");
    }

    public void Published(TimeSpan took, int groups)
    {
        _publish.Record(took.TotalSeconds);
        _groups = groups;
    }

    public void Held() => _held.Add(1);

    public void Unhandled() => _unhandled.Add(1);
}
