using System.Threading.Tasks.Sources;

namespace Weft.Xds.Serving;

/// <summary>
/// Wakes one waiter: something has happened that it should look at. What happens while it is awake wakes it once more.
/// Any number of threads may set it; neither to wait nor to set allocates.
/// </summary>
internal sealed class Signal : IValueTaskSource, IThreadPoolWorkItem
{
    private const int Quiet = 0;
    private const int IsSet = 1;
    private const int Awaited = 2;

    private ManualResetValueTaskSourceCore<bool> _core;
    private int _state;

    /// <summary>Wakes the waiter on a thread of its own: a publisher does not run its clients' loops.</summary>
    public void Set()
    {
        if (HasWaiter())
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    /// <summary>Runs the waiter, up to its next wait, before it returns: for whoever has nothing to do but to tell it.</summary>
    public void SetAndRun()
    {
        if (HasWaiter())
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

    void IThreadPoolWorkItem.Execute() => _core.SetResult(true);

    void IValueTaskSource.GetResult(short token) => _core.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);

    private bool HasWaiter() =>
        Interlocked.CompareExchange(ref _state, IsSet, Quiet) == Awaited
        && Interlocked.CompareExchange(ref _state, Quiet, Awaited) == Awaited;
}
