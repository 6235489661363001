using System.Diagnostics.Metrics;

namespace Weft.Testing;

/// <summary>Tells what a server has done, by a counter of its own: each time that it counts something ends one wait.</summary>
public sealed class MetricCount : IDisposable
{
    private readonly SemaphoreSlim _counted = new(0);
    private readonly MeterListener _listener;

    /// <param name="meters">The server's own: those of tests that run beside this one have the same instruments.</param>
    /// <param name="name">The counter's.</param>
    public MetricCount(IMeterFactory meters, string name)
    {
        _listener = new()
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Name == name && instrument.Meter.Scope == meters)
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        _listener.SetMeasurementEventCallback<long>((_, _, _, _) => _counted.Release());
        _listener.Start();
    }

    /// <summary>Waits for one thing to be counted; each ends one wait.</summary>
    public Task NextAsync(CancellationToken cancellation) => _counted.WaitAsync(cancellation).WaitAsync(Eventually.Patience, cancellation);

    public void Dispose()
    {
        _listener.Dispose();
        _counted.Dispose();
    }
}
