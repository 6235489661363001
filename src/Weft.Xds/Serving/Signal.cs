using System.Threading.Tasks.Sources;

namespace Weft.Xds.Serving;

/// <summary>
/// Wakes one waiter: something has happened that it should look at. What happens while it is awake wakes it once more.
/// Any number of threads may set it; to wait allocates nothing.
/// </summary>
internal sealed class Signal : IValueTaskSource
{
    private const int Quiet = 0;
    private const int IsSet = 1;
    private const int Awaited = 2;

    // The setter goes on with its own work: a publisher does not run its clients' loops.
    private ManualResetValueTaskSourceCore<bool> _core = new() { RunContinuationsAsynchronously = true };
    private int _state;

    public void Set()
    {
        if (Interlocked.CompareExchange(ref _state, IsSet, Quiet) == Awaited
            && Interlocked.CompareExchange(ref _state, Quiet, Awaited) == Awaited)
        {
            _core.SetResult(true);
        }
    }

    /// <summary>Ends when it has been set since the last wait ended. One waiter at a time.</summary>
    public ValueTask WaitAsync()
    {
        if (Interlocked.CompareExchange(ref _state, Quiet, IsSet) == IsSet)
        {
            return ValueTask.CompletedTask;
        }

        _core.Reset();
        var wait = new ValueTask(this, _core.Version);
        // From here on a setter may complete it; one that came just before has not seen a waiter.
        return Interlocked.CompareExchange(ref _state, Awaited, Quiet) == Quiet ? wait : WaitAsync();
    }

    void IValueTaskSource.GetResult(short token) => _core.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);
}
