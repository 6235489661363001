using System.Diagnostics.Metrics;
using Weft.Testing;

namespace Weft.Tests.Xds.Conformance;

/// <summary>
/// Tells when a server has taken up a request, by the server's own metric: what is published after that is looked at
/// after the request.
/// </summary>
internal sealed class RequestCount : IDisposable
{
    private readonly SemaphoreSlim _taken = new(0);
    private readonly MeterListener _listener;

    public RequestCount(IMeterFactory meters)
    {
        _listener = new()
        {
            InstrumentPublished = (instrument, listener) =>
            {
                // Servers of tests that run beside this one have the same instruments.
                if (instrument.Name == "weft.xds.requests" && instrument.Meter.Scope == meters)
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        _listener.SetMeasurementEventCallback<long>((_, _, _, _) => _taken.Release());
        _listener.Start();
    }

    /// <summary>Waits for one request to be taken up; each counts once.</summary>
    public Task NextAsync() =>
        _taken.WaitAsync(TestContext.Current.CancellationToken).WaitAsync(Eventually.Patience, TestContext.Current.CancellationToken);

    public void Dispose()
    {
        _listener.Dispose();
        _taken.Dispose();
    }
}
