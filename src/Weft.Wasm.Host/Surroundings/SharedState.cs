namespace Weft.Wasm.Host;

/// <summary>
/// What machines with the same id share: values with a number that changes with each write, and queues. For all workers
/// at once; it is forgotten when the last who holds the id lets go.
/// </summary>
public sealed class SharedState
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, int> _holders = [];

    /// <summary>An empty one, such as a test wants.</summary>
    public SharedState()
    {
        Data = new(_gate);
        Queues = new(_gate);
    }

    /// <summary>What all machines of this process share.</summary>
    public static SharedState Process { get; } = new();

    internal SharedData Data { get; }

    internal SharedQueues Queues { get; }

    /// <summary>Keeps what machines of an id share until the result is disposed.</summary>
    public IDisposable Hold(string vmId)
    {
        lock (_gate)
        {
            _holders[vmId] = _holders.GetValueOrDefault(vmId) + 1;
        }

        return new Holder(this, vmId);
    }

    private void Release(string vmId)
    {
        lock (_gate)
        {
            if (--_holders[vmId] == 0)
            {
                _holders.Remove(vmId);
                Data.Forget(vmId);
                Queues.Forget(vmId);
            }
        }
    }

    private sealed class Holder(SharedState state, string vmId) : IDisposable
    {
        private bool _isDisposed;

        public void Dispose()
        {
            if (!Interlocked.Exchange(ref _isDisposed, true))
            {
                state.Release(vmId);
            }
        }
    }
}
