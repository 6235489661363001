using Weft.Xds.Serving;

namespace Weft.Tests.Xds.Serving;

public sealed class SignalTests
{
    [Fact]
    public void What_happened_before_the_wait_ends_it_at_once_and_only_it()
    {
        var signal = new Signal();
        signal.Set();
        signal.Set();
        Assert.True(signal.WaitAsync().AsTask().IsCompletedSuccessfully);
        Assert.False(signal.WaitAsync().AsTask().IsCompleted);
    }

    [Fact]
    public async Task A_wait_ends_when_it_is_set()
    {
        var signal = new Signal();
        for (var i = 0; i < 3; i++)
        {
            var wait = signal.WaitAsync().AsTask();
            Assert.False(wait.IsCompleted);
            signal.Set();
            await wait;
        }
    }

    [Fact]
    public async Task Nothing_is_lost_that_many_threads_say_at_once()
    {
        const int Threads = 4;
        const int Each = 20_000;
        var signal = new Signal();
        var said = 0;
        var speakers = Enumerable.Range(0, Threads).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < Each; i++)
            {
                Interlocked.Increment(ref said);
                signal.Set();
            }
        })).ToArray();
        while (Volatile.Read(ref said) < Threads * Each)
        {
            await signal.WaitAsync();
        }

        await Task.WhenAll(speakers);
    }
}
