using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Weft.Proxy;

namespace Weft.Telemetry;

/// <summary>
/// Sends the spans of the embedded proxies of this process where the control plane says, as Envoy would. The mesh decides
/// it for all proxies alike, so one exporter serves them all.
/// </summary>
internal sealed class ProxySpans : IDisposable
{
    private readonly Lock _lock = new();
    private TracerProvider? _provider;
    private TracingTarget? _target;
    private bool _disposed;

    /// <summary>Follows what one proxy is told, until it ends or is cancelled.</summary>
    public async Task FollowAsync(ProxyHost proxy, CancellationToken cancellation)
    {
        await foreach (var status in proxy.Status.WatchAsync(cancellation))
        {
            // A proxy that has only just started does not know yet; that another one does is no less true.
            if (status.Ready)
            {
                SendTo(status.Tracing);
            }
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            _provider?.Dispose();
            _provider = null;
        }
    }

    private void SendTo(TracingTarget? target)
    {
        lock (_lock)
        {
            if (_disposed || target == _target)
            {
                return;
            }

            // The former one's last spans go where they were meant to go.
            _provider?.Dispose();
            _target = target;
            _provider = target is null ? null : Provider(target);
        }
    }

    private static TracerProvider Provider(TracingTarget target)
    {
        var resource = ResourceBuilder.CreateEmpty();
        OtlpEnvironment.Describe(resource, target.ServiceName);
        return Sdk.CreateTracerProviderBuilder()
            .SetResourceBuilder(resource)
            .AddSource(ProxyHost.TelemetryName)
            // Whether a trace is recorded was decided where it began: by the caller, or by the proxy as the mesh says.
            .SetSampler(new ParentBasedSampler(new AlwaysOffSampler()))
            .AddOtlpExporter(otlp =>
            {
                otlp.Protocol = OtlpExportProtocol.Grpc;
                otlp.Endpoint = new Uri($"http://{target.Collector}");
            })
            .Build();
    }
}
