namespace Weft.Proxy.Upstream;

/// <summary>
/// At most so many requests over HTTP/1.1 at a time, which is as many connections, and so many that wait for one.
/// </summary>
internal sealed class ConnectionGate(uint connections, uint pending) : IDisposable
{
    private readonly SemaphoreSlim _free = new((int)Math.Min(connections, int.MaxValue));
    private readonly Breaker _pending = new(pending);

    /// <summary>Whether there is a connection without a wait.</summary>
    public bool TryEnter() => _free.Wait(0, CancellationToken.None);

    public void Leave() => _free.Release();

    public void Dispose() => _free.Dispose();

    /// <summary>False where too many wait already.</summary>
    public async Task<bool> WaitAsync(CancellationToken cancellation)
    {
        if (!_pending.TryEnter())
        {
            return false;
        }

        try
        {
            await _free.WaitAsync(cancellation);
            return true;
        }
        finally
        {
            _pending.Leave();
        }
    }
}
