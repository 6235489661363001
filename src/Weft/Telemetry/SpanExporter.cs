using System.Collections.Concurrent;
using System.Diagnostics;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Weft.Proxy;

namespace Weft.Telemetry;

/// <summary>
/// Sends each span as one of the service whose proxy told it. An exporter of OpenTelemetry's library speaks for one
/// service only, so there is one for each proxy; they share one queue and one thread.
/// </summary>
internal sealed class SpanExporter : BaseExporter<Activity>
{
    private readonly ConcurrentDictionary<string, Service> _services = new(StringComparer.Ordinal);

    /// <summary>Sends a proxy's spans there from now on.</summary>
    /// <param name="node">The proxy's node id. What is kept of one that ends is found again when it comes again.</param>
    public void Send(string node, TracingTarget target)
    {
        if (_services.TryGetValue(node, out var known) && known.Target == target)
        {
            return;
        }

        _services[node] = new(target);
        known?.Dispose();
    }

    public override ExportResult Export(in Batch<Activity> batch)
    {
        var byNode = new Dictionary<string, List<Activity>>(StringComparer.Ordinal);
        foreach (var span in batch)
        {
            if (span.GetTagItem(ProxyHost.NodeAttribute) is string node)
            {
                (byNode.TryGetValue(node, out var spans) ? spans : byNode[node] = []).Add(span);
            }
        }

        var result = ExportResult.Success;
        foreach (var (node, spans) in byNode)
        {
            if (_services.TryGetValue(node, out var service) && service.Export([.. spans]) == ExportResult.Failure)
            {
                result = ExportResult.Failure;
            }
        }

        return result;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            foreach (var service in _services.Values)
            {
                service.Dispose();
            }
        }

        base.Dispose(disposing);
    }

    // The provider listens to nothing: it is there because an exporter learns whose spans it sends from its provider.
    private sealed class Service : IDisposable
    {
        private readonly OtlpTraceExporter _exporter;
        private readonly TracerProvider _provider;

        public Service(TracingTarget target)
        {
            Target = target;
            _exporter = new(new OtlpExporterOptions
            {
                Protocol = OtlpExportProtocol.Grpc,
                Endpoint = new Uri($"http://{target.Collector}"),
            });
            var resource = ResourceBuilder.CreateEmpty();
            // The environment describes this program; whose spans these are the mesh has said, as it says to Envoy.
            OtlpEnvironment.Describe(resource, target.ServiceName);
            _provider = Sdk.CreateTracerProviderBuilder()
                .SetResourceBuilder(resource.AddService(target.ServiceName))
                .AddProcessor(new SimpleActivityExportProcessor(_exporter))
                .Build();
        }

        public TracingTarget Target { get; }

        public ExportResult Export(Activity[] spans) => _exporter.Export(new(spans, spans.Length));

        public void Dispose() => _provider.Dispose();
    }
}
