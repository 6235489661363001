using System.Buffers;
using System.Net.Sockets;
using Weft.Proxy.Stats;

namespace Weft.Proxy.Tcp;

/// <summary>
/// Passes bytes between two sockets, both ways. A side that says no more is told to the other, which may go on: so ends
/// a half-closed connection. Disposing it closes both.
/// </summary>
internal sealed class BytePump : IDisposable
{
    private const int BufferSize = 32 * 1024;
    private readonly Socket _caller;
    private readonly Socket _service;
    private readonly TimeProvider _time;
    private readonly TimeSpan? _idle;
    private readonly ITimer? _timer;
    private readonly CancellationTokenSource _over = new();
    private long _last;

    /// <param name="idle">How long nothing may come from either side.</param>
    public BytePump(Socket caller, Socket service, TimeSpan? idle, TimeProvider time)
    {
        _caller = caller;
        _service = service;
        _time = time;
        _idle = idle;
        _last = time.GetTimestamp();
        _timer = idle is { } span ? time.CreateTimer(_ => Look(), null, span, Timeout.InfiniteTimeSpan) : null;
    }

    private bool IsIdle { get; set; }

    /// <summary>Ends when both sides have said all, or at once when one is gone or stood still.</summary>
    public async Task RunAsync(TcpStats stats, CancellationToken abort)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(_over.Token, abort);
        var up = CopyAsync(_caller, _service, stats.Received, either);
        var down = CopyAsync(_service, _caller, stats.Sent, either);
        try
        {
            await Task.WhenAll(up, down);
        }
        finally
        {
            if (IsIdle)
            {
                stats.IdleTimeouts.Increment();
            }
        }
    }

    public void Dispose()
    {
        _timer?.Dispose();
        _caller.Dispose();
        _service.Dispose();
        _over.Dispose();
    }

    private async Task CopyAsync(Socket from, Socket to, Counter bytes, CancellationTokenSource both)
    {
        try
        {
            // A wait without a buffer: connections that stand still cost none.
            while (await from.ReceiveAsync(Memory<byte>.Empty, both.Token) == 0)
            {
                if (await CopySomeAsync(from, to, both.Token) is not (> 0 and var count))
                {
                    to.Shutdown(SocketShutdown.Send);
                    return;
                }

                bytes.Add(count);
            }
        }
        catch
        {
            // The other way would wait for a side that is gone.
            await both.CancelAsync();
            throw;
        }
    }

    private async ValueTask<int> CopySomeAsync(Socket from, Socket to, CancellationToken cancellation)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            var count = await from.ReceiveAsync(buffer, cancellation);
            Touch();
            // On a socket of streams "SendAsync" may take a part only.
            for (var sent = 0; sent < count;)
            {
                sent += await to.SendAsync(buffer.AsMemory(sent, count - sent), cancellation);
                Touch();
            }

            return count;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private void Touch() => Interlocked.Exchange(ref _last, _time.GetTimestamp());

    /// <summary>The timer looks once in a while, so that bytes need not set it anew.</summary>
    private void Look()
    {
        var left = _idle!.Value - _time.GetElapsedTime(Interlocked.Read(ref _last));
        try
        {
            if (left > TimeSpan.Zero)
            {
                _timer?.Change(left, Timeout.InfiniteTimeSpan);
                return;
            }

            IsIdle = true;
            _over.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The connection ended at this moment.
        }
    }
}
