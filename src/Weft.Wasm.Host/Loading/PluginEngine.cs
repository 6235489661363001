using Wasmtime;

namespace Weft.Wasm.Host;

/// <summary>
/// Compiles modules, and ends callbacks that take too long: a thread moves the engine's epoch on for as long as there
/// is a machine. One engine serves all modules and all threads.
/// </summary>
public sealed class PluginEngine : IDisposable
{
    private readonly TimeSpan _tick;
    private readonly ManualResetEventSlim _hasMachines = new(false);
    private readonly CancellationTokenSource _stop = new();
    private readonly Thread _ticker;
    private int _machines;
    private bool _isDisposed;

    /// <summary>Makes an engine and starts its thread.</summary>
    /// <param name="tick">How exact deadlines are; 10 ms unless told.</param>
    public PluginEngine(TimeSpan? tick = null)
    {
        _tick = tick ?? TimeSpan.FromMilliseconds(10);
        ArgumentOutOfRangeException.ThrowIfLessThan(_tick, TimeSpan.FromMilliseconds(1), nameof(tick));
        Engine = new(new Config()
            .WithEpochInterruption(true)
            .WithMemoryMayMove(false)
            .WithMemory64(false)
            .WithWasmThreads(false)

            // .NET turns signals of its own into exceptions: two who do that in one process get in each other's way.
            .WithSignalsBasedTraps(false));
        _ticker = new(MoveEpoch) { IsBackground = true, Name = "weft-wasm-epoch" };
        _ticker.Start();
    }

    internal Engine Engine { get; }

    /// <summary>Ends the thread. Modules and machines must be disposed before.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isDisposed, true))
        {
            return;
        }

        _stop.Cancel();
        _ticker.Join();
        _stop.Dispose();
        _hasMachines.Dispose();
        Engine.Dispose();
    }

    /// <summary>Epochs until a time has passed for certain: the one that runs is already a part gone.</summary>
    internal ulong TicksFor(TimeSpan time) =>
        time == Timeout.InfiniteTimeSpan ? long.MaxValue : (ulong)(time.Ticks / _tick.Ticks) + 2;

    internal void MachineStarted()
    {
        if (Interlocked.Increment(ref _machines) == 1)
        {
            _hasMachines.Set();
        }
    }

    internal void MachineEnded() => Interlocked.Decrement(ref _machines);

    private void MoveEpoch()
    {
        try
        {
            while (!_stop.Token.WaitHandle.WaitOne(_tick))
            {
                Engine.IncrementEpoch();
                if (Volatile.Read(ref _machines) == 0)
                {
                    _hasMachines.Reset();
                    Rest();
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Disposed while it rested.
        }
    }

    private void Rest()
    {
        // A machine that started between the look and the reset has set what was reset.
        if (Volatile.Read(ref _machines) == 0)
        {
            _hasMachines.Wait(_stop.Token);
        }
    }
}
