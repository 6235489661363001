using System.Collections.Concurrent;
using System.Threading.Channels;
using Grpc.Core;

namespace Weft.Xds.Serving;

/// <summary>Lets streams in as <see cref="AdmissionQueue"/> says: gives it what happens, and tells the streams.</summary>
internal sealed class Admission : IDisposable
{
    private readonly OverloadSettings _limits;
    private readonly OverloadMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly long _start;
    private readonly Lock _lock = new();
    private readonly AdmissionQueue _queue;
    private readonly ITimer _alarm;
    private readonly ConcurrentDictionary<long, TaskCompletionSource<Refusal?>> _answers = new();
    private long _streams;

    public Admission(XdsServer server, OverloadMetrics metrics, TimeProvider time)
    {
        (_limits, _metrics, _time, _start) = (server.Settings.Overload, metrics, time, time.GetTimestamp());
        _queue = new(_limits);
        _alarm = time.CreateTimer(_ => Step(new AdmissionInput.Elapsed()), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        metrics.Watch(() => Waiting, () => Syncing);
    }

    // With the lock: whoever sees that one waits sees its alarm set, too.
    public int Waiting
    {
        get
        {
            lock (_lock)
            {
                return _queue.Waiting;
            }
        }
    }

    public int Syncing => _queue.Syncing;

    /// <summary>A stream has been opened. Disposing of its place ends its part in all this.</summary>
    /// <exception cref="RpcException">There are too many: RESOURCE_EXHAUSTED.</exception>
    public Place Open()
    {
        var id = Interlocked.Increment(ref _streams);
        var answer = _answers[id] = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Step(new AdmissionInput.Opened(id));
        var place = new Place(this, id, answer.Task);
        if (answer.Task is { IsCompletedSuccessfully: true, Result: { } why })
        {
            place.Dispose();
            throw Refused(why);
        }

        return place;
    }

    public void Dispose() => _alarm.Dispose();

    private void Step(AdmissionInput input)
    {
        lock (_lock)
        {
            var now = _time.GetElapsedTime(_start);
            foreach (var effect in _queue.Step(input, now))
            {
                var why = (effect as AdmissionEffect.Refused)?.Why;
                if (why is { } reason)
                {
                    _metrics.Refused(reason);
                }

                if (_answers.TryGetValue(effect.Stream, out var answer))
                {
                    answer.TrySetResult(why);
                }
            }

            var wait = _queue.WakeAt - now;
            _alarm.Change(wait is null ? Timeout.InfiniteTimeSpan : Whole(wait.Value), Timeout.InfiniteTimeSpan);
        }
    }

    // Timers count whole milliseconds, and one that is early would be set again for nothing.
    private static TimeSpan Whole(TimeSpan wait) =>
        wait <= TimeSpan.Zero ? TimeSpan.Zero : TimeSpan.FromMilliseconds(Math.Ceiling(wait.TotalMilliseconds));

    private RpcException Refused(Refusal why) => new(new Status(StatusCode.ResourceExhausted, why switch
    {
        Refusal.TooManyStreams => $"The server has {_limits.MaxStreams} streams open, the most that it takes; come back later.",
        Refusal.QueueIsFull =>
            $"{_limits.MaxWaiting} clients wait for their first synchronisation, the most that may; come back later.",
        _ => $"The client has waited {_limits.MaxWait.TotalSeconds:0.###} seconds for its first synchronisation behind "
            + "others, the longest that it may; come back later.",
    }));

    /// <summary>A stream's place before or in the server.</summary>
    internal sealed class Place(Admission admission, long id, Task<Refusal?> answer) : IDisposable
    {
        /// <summary>Waits for the stream's first request, and then until its first synchronisation may begin.</summary>
        /// <exception cref="RpcException">It may not: RESOURCE_EXHAUSTED.</exception>
        public async Task EnterAsync<TRequest>(ChannelReader<TRequest> inbox, CancellationToken ending)
        {
            if (await inbox.WaitToReadAsync(ending))
            {
                admission.Step(new AdmissionInput.Asked(id));
                if (await answer.WaitAsync(ending) is { } why)
                {
                    throw admission.Refused(why);
                }
            }
        }

        /// <summary>The client has answered for all that it asked for.</summary>
        /// <param name="needsMore">Whether what it has makes it ask for more.</param>
        public void Settled(bool needsMore) =>
            admission.Step(needsMore ? new AdmissionInput.Settled(id) : new AdmissionInput.Synced(id));

        public void Dispose()
        {
            admission._answers.TryRemove(id, out _);
            admission.Step(new AdmissionInput.Closed(id));
        }
    }
}
