using System.Buffers;
using System.Security.Cryptography;
using Weft.Wasm.Host;

namespace PluginBench;

/// <summary>Surroundings that offer nothing: what is measured is the plugin.</summary>
internal sealed class QuietEnvironment : IPluginEnvironment, IStreamHost
{
    public TimeProvider Time => TimeProvider.System;

    public PluginLogLevel LogLevel => PluginLogLevel.Info;

    public IMetricSink Metrics { get; } = new MetricSet();

    public SharedState Shared { get; } = new();

    public ForeignFunctions ForeignFunctions { get; } = new();

    public void Log(PluginContext? plugin, PluginLogLevel level, ReadOnlySpan<byte> message)
    {
    }

    public void Post(Action action) => action();

    public AbiStatus Send(HttpCallout call) => AbiStatus.BadArgument;

    public AbiStatus Start(GrpcCallout call) => AbiStatus.ParseFailure;

    public bool TryGetProperty(PluginContext plugin, ReadOnlySpan<byte> path, IBufferWriter<byte> value) => false;

    public bool TryGetProperty(ReadOnlySpan<byte> path, IBufferWriter<byte> value) => false;

    public void FillRandom(Span<byte> bytes) => RandomNumberGenerator.Fill(bytes);

    public void Continue(StreamKind stream)
    {
    }

    public void Close(StreamKind stream)
    {
    }

    public void SendLocalResponse(LocalResponse response)
    {
    }

    public void ClearRouteCache()
    {
    }

    public AbiStatus SetProperty(ReadOnlySpan<byte> path, ReadOnlySpan<byte> value) => AbiStatus.BadArgument;
}
