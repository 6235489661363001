using System.Collections.Concurrent;
using System.Diagnostics;
using System.Threading.Channels;

namespace Weft.Tests.Proxy;

/// <summary>Samples as the caller did, like OpenTelemetry's own sampler; spans can be awaited in order of their ends.</summary>
internal sealed class SpanSink : IDisposable
{
    private readonly ActivityListener _listener;
    private readonly Channel<Activity> _ended = Channel.CreateUnbounded<Activity>();

    public SpanSink()
    {
        _listener = new()
        {
            ShouldListenTo = source => source.Name == "Weft.Proxy",
            Sample = (ref ActivityCreationOptions<ActivityContext> options) =>
                (options.Parent.TraceFlags & ActivityTraceFlags.Recorded) == 0
                    ? ActivitySamplingResult.PropagationData
                    : ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = span =>
            {
                All.Enqueue(span);
                _ended.Writer.TryWrite(span);
            },
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public ConcurrentQueue<Activity> All { get; } = [];

    public async Task<Activity> NextAsync(string trace, ActivityKind? kind = null)
    {
        while (true)
        {
            // Tests that run beside this one have spans of their own.
            var span = await _ended.Reader.ReadAsync(TestContext.Current.CancellationToken);
            if (span.TraceId.ToHexString() == trace && (kind is null || span.Kind == kind))
            {
                return span;
            }
        }
    }

    public void Dispose() => _listener.Dispose();
}
