namespace Weft.Wasm.Host;

/// <content>The ticks that a plugin asks for.</content>
public sealed partial class PluginContext
{
    private ITimer? _timer;
    private TimeSpan _period;

    /// <summary>How often the plugin wants to be called; null where it does not.</summary>
    public TimeSpan? TickPeriod => _period == TimeSpan.Zero ? null : _period;

    internal void TickEvery(TimeSpan period)
    {
        var ticked = _period != TimeSpan.Zero;
        _period = period;
        if (period == TimeSpan.Zero)
        {
            StopTicking();
        }
        else if (!ticked)
        {
            _timer ??= Vm.Environment.Time.CreateTimer(
                static plugin => ((PluginContext)plugin!).PostTick(),
                this,
                Timeout.InfiniteTimeSpan,
                Timeout.InfiniteTimeSpan);
            Rearm();
        }
    }

    private void PostTick() => Vm.Environment.Post(() =>
    {
        if (IsGone || _period == TimeSpan.Zero)
        {
            return;
        }

        OnTick();
        Rearm();
    });

    // From tick to tick: a plugin that takes longer than its period is not called twice in a row.
    private void Rearm()
    {
        if (_period != TimeSpan.Zero && !Vm.HasFailed)
        {
            _timer?.Change(_period, Timeout.InfiniteTimeSpan);
        }
    }

    private void StopTicking()
    {
        _period = TimeSpan.Zero;
        _timer?.Dispose();
        _timer = null;
    }
}
