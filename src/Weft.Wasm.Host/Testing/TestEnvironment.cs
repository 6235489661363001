using System.Buffers;
using System.Text;

namespace Weft.Wasm.Host.Testing;

/// <summary>What surrounds a worker in a test: everything is kept for the test to look at.</summary>
internal sealed class TestEnvironment(PluginTest test, int worker) : IPluginEnvironment
{
    // The same in each run.
    private readonly Random _dice = new(worker + 1);

    public TimeProvider Time => test.Clock;

    public PluginLogLevel LogLevel => test.Settings.LogLevel;

    public IMetricSink Metrics => test.Metrics;

    public SharedState Shared => test.Shared;

    public ForeignFunctions ForeignFunctions => test.Settings.ForeignFunctions;

    public void Log(PluginContext? plugin, PluginLogLevel level, ReadOnlySpan<byte> message) =>
        test.Add(new(level, Encoding.UTF8.GetString(message), worker));

    public void Post(Action action) => test.Post(action);

    public AbiStatus Send(HttpCallout call)
    {
        if (test.Settings.Clusters is { } clusters && !clusters.Contains(call.Cluster))
        {
            return AbiStatus.BadArgument;
        }

        test.CallsMade.Add(new(test, call));
        return AbiStatus.Ok;
    }

    public AbiStatus Start(GrpcCallout call)
    {
        if (test.Settings.Clusters is { } clusters && !clusters.Contains(Encoding.UTF8.GetString(call.Target.Span)))
        {
            return AbiStatus.ParseFailure;
        }

        test.GrpcCallsMade.Add(call);
        return AbiStatus.Ok;
    }

    public bool TryGetProperty(PluginContext plugin, ReadOnlySpan<byte> path, IBufferWriter<byte> value) => false;

    public void FillRandom(Span<byte> bytes) => _dice.NextBytes(bytes);
}
