using System.Threading.Channels;
using Envoy.Config.Core.V3;
using Grpc.Core;
using Microsoft.Extensions.Logging;
using Weft.Xds.Statuses;
using Weft.Xds.Streams;

namespace Weft.Xds.Serving;

/// <summary>
/// The loop of one stream: waits for a request, a new set or a deadline, gives it to the machine, writes what the
/// machine says. One owner per machine, so no locks. A client that does not read holds up nobody but itself: while a
/// write waits, newer sets replace each other.
/// </summary>
internal sealed partial class StreamLoop<TRequest>(
    XdsServer server,
    XdsMetrics metrics,
    PushTrace pushes,
    TimeProvider time,
    ILogger logger,
    StreamMachine machine,
    FirstSync sync,
    PushGate.Turn turn,
    ChannelReader<TRequest> inbox,
    Func<TRequest, (Node? Node, string TypeUrl, StreamInput Input)> read,
    ResponseWriter responses,
    Action<Response> sending,
    XdsServer.Client client,
    CancellationToken cut)
{
    private static readonly StreamInput Elapsed = new StreamInput.Elapsed();

    // If so much time goes by while the alarm is set, it would ring too late by that: a test's clock leaps.
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(1);

    private readonly long _start = time.GetTimestamp();
    private ResourceGroups _groups = server.Groups.Value;
    private string? _group;
    private string _node = "";

    // The first request, while its machine is told what is published.
    private StreamInput? _first;
    private bool _isWriting;
    private readonly LiveStatus _status = client.Status;
    private Func<StreamStatus> _statusNow = null!;
    private ResourceSet? _published;
    private ITimer? _alarm;

    private TimeSpan Now => time.GetElapsedTime(_start);

    public async Task RunAsync(CancellationToken ending)
    {
        // Once, for the loop asks it whenever it is awake.
        _statusNow = () => StreamStatus.Of(machine.Types(), _published);
        await using var end = ending.UnsafeRegister(static signal => ((Signal)signal!).Set(), client.Signal);
        try
        {
            await TakeAllAsync(ending);
        }
        finally
        {
            _alarm?.Dispose();
            await EndAsync();
        }
    }

    private async Task TakeAllAsync(CancellationToken ending)
    {
        while (true)
        {
            client.Questions.Answer(_statusNow);
            if (_isWriting && IsDue())
            {
                // Before it is asked what there is to say: of all that is published meanwhile, only the newest counts.
                await WrittenAsync();
            }

            if (Next() is { } input)
            {
                // It may have come only now. A client that has still to take what was said would keep a turn from others.
                await WrittenAsync();
                await turn.TakeAsync();
                try
                {
                    Step(input, ending);
                }
                finally
                {
                    turn.GiveBack();
                }
            }
            else if (inbox.Completion.IsCompleted)
            {
                // The client has closed its half; an error in reading is thrown here.
                await inbox.Completion;
                return;
            }
            else
            {
                SetAlarm();
                await client.Signal.WaitAsync();
                ending.ThrowIfCancellationRequested();
            }
        }
    }

    // Whether there is something to do; else the end of a write wakes nobody.
    private bool IsDue() => !ReferenceEquals(server.Groups.Value, _groups) || _first is not null || inbox.TryPeek(out _)
        || inbox.Completion.IsCompleted || machine.WakeAt() <= Now;

    // What the machine is given next; null where there is nothing. To wait is left to the loop: thousands of streams that
    // do so at once have no other state to be kept for it.
    private StreamInput? Next()
    {
        if (_first is { } first)
        {
            _first = null;
            return first;
        }

        if (!ReferenceEquals(server.Groups.Value, _groups))
        {
            _groups = server.Groups.Value;
            if (Publication() is { } publication)
            {
                return publication;
            }
        }

        return inbox.TryRead(out var request) ? Take(request) : machine.WakeAt() <= Now ? Elapsed : null;
    }

    private void SetAlarm()
    {
        if (machine.WakeAt() is not { } at)
        {
            return;
        }

        _alarm ??= time.CreateTimer(
            static signal => ((Signal)signal!).Set(), client.Signal, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        TimeSpan now;
        do
        {
            now = Now;
            _alarm.Change(Positive(at - now), Timeout.InfiniteTimeSpan);
        }
        while (Now - now >= Moment);
    }

    private static TimeSpan Positive(TimeSpan span) => span > TimeSpan.Zero ? span : TimeSpan.Zero;

    private StreamInput Take(TRequest message)
    {
        var (node, typeUrl, input) = read(message);
        if (typeUrl.Length == 0)
        {
            // "type_url … required for ADS" (discovery.proto).
            throw new RpcException(new Status(StatusCode.InvalidArgument, "type_url is required on an aggregated stream."));
        }

        // "Only the first request on a stream is guaranteed to carry the node identifier".
        if (_group is null)
        {
            Welcome(node ?? new());
        }

        Note(input, _node, typeUrl);
        if (_published is null && Publication() is { } publication)
        {
            _first = input;
            return publication;
        }

        return input;
    }

    private void Welcome(Node node)
    {
        _group = server.Settings.GroupOf(node);
        machine.FallBackOn(server.LastGoodOf(_group));
        machine.Know(node, server.Settings);
        _node = node.Id;
        _status.Update(s => s with { Node = node, Group = _group });
    }

    // What is published for the client and not known to its machine; null where there is nothing.
    private StreamInput.Published? Publication()
    {
        if (_group is null || _groups.For(_group) is not { } set || ReferenceEquals(set, _published))
        {
            return null;
        }

        _published = set;
        pushes.Follow(_groups);
        return set.Publication;
    }

    // Every name costs memory for as long as the stream lives.
    private void KeepWithinLimits()
    {
        var types = machine.Types();
        var (names, characters) = (0, 0L);
        foreach (var type in types)
        {
            names += type.Subscription.Names.Count + type.OwedRemovals.Count + (type.Aliases?.Count ?? 0);
            characters += type.Subscription.Characters + (type.Aliases?.Characters ?? 0);
        }

        if (types.Length > StreamLimits.MaxTypes || names > StreamLimits.MaxNames || characters > StreamLimits.MaxNameCharacters)
        {
            throw new RpcException(new Status(
                StatusCode.ResourceExhausted,
                $"A stream may ask for {StreamLimits.MaxTypes} types and {StreamLimits.MaxNames} names of together "
                + $"{StreamLimits.MaxNameCharacters} characters at the most."));
        }
    }

    private void Step(StreamInput input, CancellationToken ending)
    {
        var said = machine.Step(input, Now);
        KeepWithinLimits();
        sync.Look(input, machine.Types(), Now);
        _status.Note(machine.Types(), _published);
        if (said.Count == 0)
        {
            return;
        }

        ending.ThrowIfCancellationRequested();
        foreach (var response in said)
        {
            pushes.Sending(response, _node);
            metrics.Sent(response.TypeUrl, response.Resources.Length);
            sending(response);
        }

        responses.Begin(said, cut);
        _isWriting = true;
    }

    // A client that does not read keeps only itself waiting, not whoever asks how far it is.
    private async ValueTask WrittenAsync()
    {
        if (!_isWriting)
        {
            return;
        }

        if (!responses.IsWritten)
        {
            var written = responses.WrittenAsync().AsTask();
            while (!written.IsCompleted)
            {
                client.Questions.Answer(_statusNow);
                await Task.WhenAny(written, client.Questions.Asked);
            }

            _isWriting = false;
            await written;
            return;
        }

        _isWriting = false;
        await responses.WrittenAsync();
    }

    // What was begun is not broken off, unless the client does not take it in time.
    private async Task EndAsync()
    {
        try
        {
            await WrittenAsync();
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or InvalidOperationException)
        {
            // The client has gone, or was cut off: why the stream ended is said already.
        }
    }

    private void Note(StreamInput input, string node, string typeUrl)
    {
        var (nonce, error) = input switch
        {
            StreamInput.SotwRequest sotw => (sotw.Nonce, sotw.Error),
            StreamInput.DeltaRequest delta => (delta.Nonce, delta.Error),
            _ => ("", null),
        };
        metrics.Received(typeUrl, nonce.Length > 0, error is not null);
        pushes.Answered(nonce, error);
        if (error is not null)
        {
            Log.Rejected(logger, node, TypeUrl.ShortName(typeUrl), error);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "{Node} rejected {Type}: {Error}")]
        public static partial void Rejected(ILogger logger, string node, string type, string error);
    }
}
