using System.Buffers;
using System.Text;
using Weft.Wasm.Host;

namespace Weft.Plugins;

/// <summary>What surrounds a plugin that is measured: as little as there may be. Of its log the first lines are kept.</summary>
internal sealed class BenchPlace(SampleRequest sample) : IPluginEnvironment, IStreamHost
{
    private const int LinesKept = 20;
    private readonly Queue<Action> _posted = new();

    public TimeProvider Time => TimeProvider.System;

    public PluginLogLevel LogLevel => PluginLogLevel.Warn;

    public IMetricSink Metrics { get; } = new MetricSet();

    public SharedState Shared { get; } = new();

    public ForeignFunctions ForeignFunctions { get; } = new();

    public List<string> Lines { get; } = [];

    public void Log(PluginContext? plugin, PluginLogLevel level, ReadOnlySpan<byte> message)
    {
        if (Lines.Count < LinesKept)
        {
            Lines.Add($"{level.ToString().ToLowerInvariant()}: {Encoding.UTF8.GetString(message)}");
        }
    }

    public void Post(Action action) => _posted.Enqueue(action);

    /// <summary>Does what was left for after a callback.</summary>
    public void Drain()
    {
        while (_posted.TryDequeue(out var action))
        {
            action();
        }
    }

    // There is no cluster: a plugin that calls goes on without an answer, or holds its requests for none.
    public AbiStatus Send(HttpCallout call) => AbiStatus.BadArgument;

    public AbiStatus Start(GrpcCallout call) => AbiStatus.ParseFailure;

    public bool TryGetProperty(PluginContext plugin, ReadOnlySpan<byte> path, IBufferWriter<byte> value) => false;

    public void FillRandom(Span<byte> bytes) => bytes.Fill(7);

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

    public bool TryGetProperty(ReadOnlySpan<byte> path, IBufferWriter<byte> value)
    {
        foreach (var (name, text) in sample.Properties)
        {
            if (Encoding.UTF8.GetString(path).Replace('\0', '.') == name)
            {
                value.Write(Encoding.UTF8.GetBytes(text));
                return true;
            }
        }

        return false;
    }

    public AbiStatus SetProperty(ReadOnlySpan<byte> path, ReadOnlySpan<byte> value) => AbiStatus.Ok;
}
