using System.Diagnostics.Metrics;

namespace Weft.ControlPlane;

/// <summary>The instruments of the meter <c>Weft</c>.</summary>
internal sealed class WeftMetrics
{
    public const string MeterName = "Weft";

    private readonly Histogram<double> _publish;
    private readonly Counter<long> _unhandled;
    private int _groups;

    public WeftMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        _publish = meter.CreateHistogram<double>("weft.publish.duration", "s", "From a change of the sources to its publication.");
        _unhandled = meter.CreateCounter<long>("weft.http.unhandled", "{exception}", "Exceptions contained in an admin request.");
        meter.CreateObservableGauge("weft.groups", () => _groups, "{group}", "Groups of nodes with resources of their own.");
    }

    public void Published(TimeSpan took, int groups)
    {
        _publish.Record(took.TotalSeconds);
        _groups = groups;
    }

    public void Unhandled() => _unhandled.Add(1);
}
