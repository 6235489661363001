using System.Collections.Immutable;

namespace Weft.Xds.Serving;

/// <summary>
/// Which stream may begin its first synchronisation, and which must wait or go. Pure and mutable, with a single owner;
/// no I/O, no clock. Nothing overtakes: who asked first begins first.
/// </summary>
/// <remarks>
/// <code>
///   Opened ──► silent ──Asked──► syncing ──Synced, or MaxSyncTime──► served ──Closed──► gone
///     │                   │        ▲  │                                ▲
///     │          no place │        │  └──Settled──► lingering ──Synced, or Linger
///     │                   ▼        │ a place, in order
///     │                 waiting ───┘
///     └ MaxStreams ► refused ◄── MaxWait, or the queue is full
/// </code>
/// Who lingers has a place, too: Envoy and gRPC ask at once for what their resources need; others never do.
/// From everywhere <c>Closed</c> leads to gone, and frees the place. A silent stream has none: it costs next to nothing.
/// </remarks>
internal sealed class AdmissionQueue(OverloadSettings limits)
{
    private enum Stage
    {
        Silent,
        Waiting,
        Syncing,
        Lingering,
        Served,
    }

    private static readonly TimeSpan Linger = TimeSpan.FromMilliseconds(250);

    private readonly Dictionary<long, (Stage Stage, LinkedListNode<(long Stream, TimeSpan Until)>? Place)> _open = [];

    // In each, who came first is first to be over, for all have the same time.
    private readonly LinkedList<(long Stream, TimeSpan Until)> _waiting = [];
    private readonly LinkedList<(long Stream, TimeSpan Until)> _syncing = [];
    private readonly LinkedList<(long Stream, TimeSpan Until)> _lingering = [];
    private readonly ImmutableArray<AdmissionEffect>.Builder _effects = ImmutableArray.CreateBuilder<AdmissionEffect>();
    private readonly long? _ticksEach = TimeSpan.TicksPerSecond / limits.NewStreamsPerSecond;

    // When the rate's account would be empty again; a second's worth may be drawn ahead.
    private TimeSpan _paidUntil;

    public int Open => _open.Count;

    public int Waiting => _waiting.Count;

    public int Syncing => _syncing.Count + _lingering.Count;

    /// <summary>When to look again although nothing has happened; null where there is nothing to wait for.</summary>
    public TimeSpan? WakeAt { get; private set; }

    public ImmutableArray<AdmissionEffect> Step(AdmissionInput input, TimeSpan now)
    {
        switch (input)
        {
            case AdmissionInput.Opened { Stream: var stream }:
                EnterNew(stream);
                break;
            case AdmissionInput.Asked { Stream: var stream } when _open.TryGetValue(stream, out var at) && at.Stage == Stage.Silent:
                Move(stream, Stage.Waiting, now + limits.MaxWait);
                break;
            case AdmissionInput.Settled { Stream: var stream } when _open.TryGetValue(stream, out var at) && at.Stage == Stage.Syncing:
                Move(stream, Stage.Lingering, now + Linger);
                break;
            case AdmissionInput.Synced { Stream: var stream } when _open.TryGetValue(stream, out var at) && at.Stage != Stage.Served:
                Move(stream, Stage.Served);
                break;
            case AdmissionInput.Closed { Stream: var stream }:
                Forget(stream);
                break;
            default:
                // Time went by; or a stream that has been refused meanwhile says more, or says the same once more.
                break;
        }

        Settle(now);
        return _effects.DrainToImmutable();
    }

    private void Settle(TimeSpan now)
    {
        foreach (var list in (ReadOnlySpan<LinkedList<(long Stream, TimeSpan Until)>>)[_syncing, _lingering])
        {
            while (list.First is { Value: var longest } && longest.Until <= now)
            {
                Move(longest.Stream, Stage.Served);
            }
        }

        while (_waiting.First is { Value: var next } && Syncing < limits.MaxSyncing && RateAllows(now))
        {
            Move(next.Stream, Stage.Syncing, now + limits.MaxSyncTime);
            _effects.Add(new AdmissionEffect.Admitted(next.Stream));
        }

        while (_waiting.First is { Value: var late } && late.Until <= now)
        {
            Refuse(late.Stream, Refusal.WaitedTooLong);
        }

        while (_waiting.Count > limits.MaxWaiting)
        {
            Refuse(_waiting.Last!.Value.Stream, Refusal.QueueIsFull);
        }

        WakeAt = NextWake();
    }

    private void EnterNew(long stream)
    {
        if (_open.Count >= limits.MaxStreams)
        {
            _effects.Add(new AdmissionEffect.Refused(stream, Refusal.TooManyStreams));
        }
        else
        {
            _open[stream] = (Stage.Silent, null);
        }
    }

    private void Move(long stream, Stage to, TimeSpan until = default)
    {
        Forget(stream);
        _open[stream] = (to, ListOf(to)?.AddLast((stream, until)));
    }

    private void Forget(long stream)
    {
        if (_open.Remove(stream, out var at) && at.Place is { } place)
        {
            place.List!.Remove(place);
        }
    }

    private void Refuse(long stream, Refusal why)
    {
        Forget(stream);
        _effects.Add(new AdmissionEffect.Refused(stream, why));
    }

    private LinkedList<(long Stream, TimeSpan Until)>? ListOf(Stage stage) => stage switch
    {
        Stage.Waiting => _waiting,
        Stage.Syncing => _syncing,
        Stage.Lingering => _lingering,
        _ => null,
    };

    private bool RateAllows(TimeSpan now)
    {
        if (_ticksEach is not { } each)
        {
            return true;
        }

        if (now < FirstToPay(each))
        {
            return false;
        }

        _paidUntil = (_paidUntil > now ? _paidUntil : now) + TimeSpan.FromTicks(each);
        return true;
    }

    private TimeSpan FirstToPay(long each) => _paidUntil - TimeSpan.FromTicks(TimeSpan.TicksPerSecond - each);

    private TimeSpan? NextWake()
    {
        var wake = Earlier(_syncing.First?.Value.Until, _lingering.First?.Value.Until);
        if (_waiting.First is not { Value: var next })
        {
            // A place that is held too long matters only to one who waits; but it must not be called syncing for ever.
            return wake;
        }

        wake = Earlier(wake, next.Until);
        return _ticksEach is { } each && Syncing < limits.MaxSyncing ? Earlier(wake, FirstToPay(each)) : wake;
    }

    private static TimeSpan? Earlier(TimeSpan? one, TimeSpan? other) => one is null || other < one ? other : one;
}
