namespace Weft.ControlPlane;

/// <summary>Waits, after a change, until it is to be published, as <see cref="Debounce"/> says.</summary>
internal sealed class PublishPace(DebounceSettings settings, TimeProvider time, Action held)
{
    private readonly Debounce _debounce = new(settings);
    private readonly long _start = time.GetTimestamp();

    private TimeSpan Now => time.GetElapsedTime(_start);

    /// <summary>A change has happened: ends when it, and what has changed since, is to be published.</summary>
    /// <param name="nextChange">Ends with the next change after the call.</param>
    public async Task ChangedAsync(Func<Task> nextChange, CancellationToken cancellation)
    {
        if (_debounce.Step(new DebounceInput.Changed(), Now))
        {
            return;
        }

        held();
        while (!_debounce.Step(await NextAsync(nextChange(), cancellation), Now))
        {
            // Something has changed meanwhile, or the timer was early.
        }
    }

    private async Task<DebounceInput> NextAsync(Task change, CancellationToken cancellation)
    {
        var wait = _debounce.WakeAt - Now;
        try
        {
            await change.WaitAsync(wait > TimeSpan.Zero ? wait.Value : TimeSpan.Zero, time, cancellation);
            return new DebounceInput.Changed();
        }
        catch (TimeoutException)
        {
            return new DebounceInput.Elapsed();
        }
    }
}
