using Weft.Bpf.Kernel;

namespace Weft.Kernel.Tests.Readers;

/// <summary>The kernel below; it tells when a thread is about to wait.</summary>
internal sealed class WatchedKernel : PassingKernel
{
    private volatile TaskCompletionSource _waits = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Starts what waits on a thread of its own; the outer task ends when it is about to.</summary>
    public async Task<Task<T>> Wait<T>(Func<T> poll)
    {
        var waits = _waits = new(TaskCreationOptions.RunContinuationsAsynchronously);
        var result = Task.Factory.StartNew(poll, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        await Task.WhenAny(waits.Task, result);
        return result;
    }

    public override long EpollWait(int epoll, Span<ulong> tags, int milliseconds)
    {
        _waits.TrySetResult();
        return Below.EpollWait(epoll, tags, milliseconds);
    }
}
