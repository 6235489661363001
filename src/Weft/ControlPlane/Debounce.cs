namespace Weft.ControlPlane;

/// <summary>How changes are collected before they are published.</summary>
/// <param name="Quiet">For how long nothing may change before what was collected is published.</param>
/// <param name="Most">How long a change is held at the most.</param>
/// <param name="AtOnce">How many changes in a row are published at once.</param>
internal sealed record DebounceSettings(TimeSpan Quiet, TimeSpan Most, int AtOnce)
{
    // A tenth of a second as istiod has it; a second instead of its ten, since an edit under constant change counts, too.
    public static DebounceSettings Default { get; } = new(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(1), 4);
}

/// <summary>What can happen. A closed set.</summary>
internal abstract record DebounceInput
{
    private DebounceInput()
    {
    }

    /// <summary>Something has changed.</summary>
    public sealed record Changed : DebounceInput;

    /// <summary>Time went by: <c>WakeAt</c> has been reached.</summary>
    public sealed record Elapsed : DebounceInput;
}

/// <summary>
/// When to publish: a change that comes alone at once, many that follow each other together. Pure and mutable, with a
/// single owner; no clock.
/// </summary>
/// <remarks>
/// <code>
///          ┌──Changed, credit left: publish──┐
///          ▼                                 │
///        calm ───────────────────────────────┘
///          │ ▲
///          │ └──── quiet, or held for Most: publish
///          │                    │
///          └─Changed, none left─► collecting ◄─┐
///                                     └─Changed┘
/// </code>
/// There is credit for <c>AtOnce</c> changes; one comes back with each <c>Quiet</c> in which nothing changes.
/// </remarks>
internal sealed class Debounce(DebounceSettings settings)
{
    private int _credit = settings.AtOnce;
    private TimeSpan _lastChange = TimeSpan.MinValue;
    private TimeSpan? _heldSince;

    /// <summary>When what is collected is to be published if nothing changes before; null where nothing is.</summary>
    public TimeSpan? WakeAt => _heldSince is { } since ? Earlier(_lastChange + settings.Quiet, since + settings.Most) : null;

    /// <summary>Takes one input, and says whether to publish now.</summary>
    public bool Step(DebounceInput input, TimeSpan now)
    {
        if (input is DebounceInput.Changed)
        {
            if (_heldSince is null && TakeCredit(now))
            {
                return true;
            }

            _heldSince ??= now;
            _lastChange = now;
        }

        if (WakeAt is not { } at || now < at)
        {
            return false;
        }

        _heldSince = null;
        return true;
    }

    private bool TakeCredit(TimeSpan now)
    {
        var calm = _lastChange == TimeSpan.MinValue || settings.Quiet <= TimeSpan.Zero
            ? settings.AtOnce
            : (now - _lastChange).Ticks / settings.Quiet.Ticks;
        _credit = (int)Math.Min(settings.AtOnce, _credit + calm);
        _lastChange = now;
        if (_credit == 0)
        {
            return false;
        }

        _credit--;
        return true;
    }

    private static TimeSpan Earlier(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
