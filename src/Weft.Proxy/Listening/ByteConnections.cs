using System.Collections.Concurrent;
using System.Net.Sockets;

namespace Weft.Proxy.Listening;

/// <summary>The open connections of a listener that carry bytes.</summary>
internal sealed class ByteConnections(ConnectionRules rules) : IDisposable
{
    private readonly ConcurrentDictionary<Task, byte> _open = new();
    private readonly CancellationTokenSource _abort = new();

    public void Begin(Socket caller)
    {
        var passing = Task.Run(() => rules.PassAsync(caller, _abort.Token));
        _open.TryAdd(passing, 0);
        // After it was added, or it would stay for ever.
        _ = passing.ContinueWith(
            p => _open.TryRemove(p, out _), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
    }

    /// <summary>After all have ended.</summary>
    public void Dispose() => _abort.Dispose();

    /// <summary>Waits for all; at <paramref name="impatient"/> they are cut. No new one begins any more.</summary>
    public async Task DrainAsync(CancellationToken impatient)
    {
        await using var cut = impatient.Register(_abort.Cancel);
        await Task.WhenAll(_open.Keys);
    }
}
