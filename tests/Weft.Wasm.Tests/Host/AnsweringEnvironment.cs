using System.Buffers;
using System.Text;
using Weft.Wasm.Host;
using Weft.Wasm.Host.Testing;

namespace Weft.Wasm.Tests.Host;

/// <summary>Answers calls at once, while the callback runs that makes them.</summary>
internal sealed class AnsweringEnvironment(PluginTest test) : IPluginEnvironment
{
    public TimeProvider Time => test.Time;

    public PluginLogLevel LogLevel => PluginLogLevel.Trace;

    public IMetricSink Metrics => test.Metrics;

    public SharedState Shared => test.Shared;

    public ForeignFunctions ForeignFunctions { get; } = new();

    public void Log(PluginContext? plugin, PluginLogLevel level, ReadOnlySpan<byte> message) =>
        test.Add(new(level, Encoding.UTF8.GetString(message), 0));

    public void Post(Action action) => action();

    public AbiStatus Send(HttpCallout call)
    {
        call.Respond(TestRequest.Map([(":status", "200")]), default);
        return AbiStatus.Ok;
    }

    public AbiStatus Start(GrpcCallout call) => AbiStatus.ParseFailure;

    public bool TryGetProperty(PluginContext plugin, ReadOnlySpan<byte> path, IBufferWriter<byte> value) => false;

    public void FillRandom(Span<byte> bytes) => bytes.Fill(7);
}
