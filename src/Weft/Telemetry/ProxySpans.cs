using OpenTelemetry;
using OpenTelemetry.Trace;
using Weft.Proxy;

namespace Weft.Telemetry;

/// <summary>
/// Sends the spans of the embedded proxies of this process where the control plane says and under the names that it says,
/// as Envoy would.
/// </summary>
internal sealed class ProxySpans : IDisposable
{
    private readonly Lock _lock = new();
    private readonly SpanExporter _exporter = new();
    private TracerProvider? _provider;
    private bool _disposed;

    /// <summary>Follows what one proxy is told, until it ends or is cancelled.</summary>
    /// <param name="node">Its node id.</param>
    public async Task FollowAsync(ProxyHost proxy, string node, CancellationToken cancellation)
    {
        await foreach (var status in proxy.Status.WatchAsync(cancellation))
        {
            // Where there is none, the proxy makes no more spans; those that still wait go where they were meant to go.
            if (status.Tracing is { } target)
            {
                Send(node, target);
            }
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            _provider?.Dispose();
        }
    }

    private void Send(string node, TracingTarget target)
    {
        lock (_lock)
        {
            if (!_disposed)
            {
                _exporter.Send(node, target);
                _provider ??= Provider();
            }
        }
    }

    private TracerProvider Provider()
    {
        // As OTEL_BSP_… say.
        var batches = new BatchExportActivityProcessorOptions();
        return Sdk.CreateTracerProviderBuilder()
            .AddSource(ProxyHost.TelemetryName)
            // Whether a trace is recorded was decided where it began: by the caller, or by the proxy as the mesh says.
            .SetSampler(new ParentBasedSampler(new AlwaysOffSampler()))
            .AddProcessor(new BatchActivityExportProcessor(
                _exporter, batches.MaxQueueSize, batches.ScheduledDelayMilliseconds, batches.ExporterTimeoutMilliseconds,
                batches.MaxExportBatchSize))
            .Build();
    }
}
