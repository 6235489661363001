using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;
using Weft.Proxy.Filters;
using Weft.Wasm.Host;

namespace Weft.Proxy.Wasm;

/// <summary>What surrounds one machine: the proxy, as far as plugins know it.</summary>
internal sealed class SlotEnvironment(WasmSlot slot, HttpFilterHost host, SharedState shared, ILogger logger) : IPluginEnvironment
{
    private static readonly ForeignFunctions Functions = new();
    private readonly HttpCallouts _callouts = new(slot, host);

    public TimeProvider Time => host.Time;

    public PluginLogLevel LogLevel => PluginLog.LeastOf(logger);

    public IMetricSink Metrics { get; } = new ProxyMetrics(host);

    public SharedState Shared => shared;

    public ForeignFunctions ForeignFunctions => Functions;

    public void Log(PluginContext? plugin, PluginLogLevel level, ReadOnlySpan<byte> message)
    {
        var known = PluginLog.LevelOf(level);
        if (logger.IsEnabled(known))
        {
            var (name, line) = (slot.Plugin.Name, Encoding.UTF8.GetString(message));
            PluginLog.Line(logger, known, name, line);
        }
    }

    public void Post(Action action) => slot.Post(action);

    public AbiStatus Send(HttpCallout call) => _callouts.Send(call);

    /// <summary>Calls over gRPC are not offered.</summary>
    public AbiStatus Start(GrpcCallout call) => AbiStatus.Unimplemented;

    public bool TryGetProperty(PluginContext plugin, ReadOnlySpan<byte> path, IBufferWriter<byte> value) =>
        NodeProperties.TryGet(host.Node, path, value);

    public void FillRandom(Span<byte> bytes) => RandomNumberGenerator.Fill(bytes);

    private sealed class ProxyMetrics(HttpFilterHost host) : IMetricSink
    {
        public IPluginMetric? Define(MetricKind kind, string name) => host.Metric(
            kind switch
            {
                MetricKind.Counter => HttpFilterMetricKind.Counter,
                MetricKind.Gauge => HttpFilterMetricKind.Gauge,
                _ => HttpFilterMetricKind.Histogram,
            },
            name) is { } metric
                ? new ProxyMetric(metric)
                : null;
    }

    private sealed class ProxyMetric(HttpFilterMetric metric) : IPluginMetric
    {
        public ulong Value => (ulong)metric.Value;

        public void Add(long offset) => metric.Add(offset);

        public void Record(ulong value) => metric.Record((long)value);
    }
}
