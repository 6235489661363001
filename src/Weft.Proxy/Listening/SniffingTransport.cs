using System.Buffers;
using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging;

namespace Weft.Proxy.Listening;

/// <summary>
/// One bound address served to Kestrel as three endpoints: secure connections go to one, connections that begin with
/// the preface of HTTP/2 to another, all others to the third. Connections that carry bytes never reach Kestrel: it
/// cannot end one direction of a connection and go on with the other.
/// </summary>
/// <remarks>
/// The preface "is designed so that servers that do not support HTTP/2 do not attempt to process it" (RFC 9113,
/// section 3.4): no HTTP/1.1 request begins like it.
/// </remarks>
internal sealed class SniffingTransport : IConnectionListenerFactory, IAsyncDisposable
{
    /// <summary>As long as Kestrel waits for a first request.</summary>
    private static readonly TimeSpan FirstByteTimeout = TimeSpan.FromSeconds(130);

    /// <summary>
    /// After a failure to accept that another try does not mend, as where there are no descriptors left.
    /// </summary>
    private static readonly TimeSpan AcceptPause = TimeSpan.FromMilliseconds(100);

    private readonly CancellationTokenSource _stopping = new();
    private readonly Socket _listening;
    private readonly ConnectionRules _rules;
    private readonly ByteConnections _bytes;
    private readonly SocketConnectionContextFactory _contexts;
    private readonly Part _http1;
    private readonly Part _http2;
    private readonly Part _secure;
    private Task? _accepting;

    public SniffingTransport(Socket listening, ConnectionRules rules, ILoggerFactory loggers)
    {
        _listening = listening;
        _rules = rules;
        _bytes = new(rules);
        _contexts = new(new(), loggers.CreateLogger<SniffingTransport>());
        _http1 = new(this, ProtocolEndPoint.Http1);
        _http2 = new(this, ProtocolEndPoint.Http2);
        _secure = new(this, ProtocolEndPoint.Secure);
    }

    private static ReadOnlySpan<byte> Preface => "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8;

    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) =>
        new(new[] { _http1, _http2, _secure }.Single(p => p.EndPoint == endpoint));

    /// <summary>Begins to accept: Kestrel has bound all parts.</summary>
    public void Start() => _accepting = AcceptAsync();

    /// <summary>Waits for the connections that carry bytes; at <paramref name="impatient"/> they are cut.</summary>
    public Task DrainAsync(CancellationToken impatient) => _bytes.DrainAsync(impatient);

    /// <summary>After Kestrel has stopped.</summary>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await _bytes.DrainAsync(new CancellationToken(canceled: true));
        _bytes.Dispose();
        _contexts.Dispose();
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            Socket? socket = null;
            try
            {
                socket = await _listening.AcceptAsync(_stopping.Token);
                Begin(socket);
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
            {
                break;
            }
            catch (SocketException) when (socket is not null)
            {
                // The caller went at once.
                socket.Dispose();
            }
            catch (SocketException)
            {
                // The caller went before it was accepted; or the machine has no more sockets to give.
                await Task.Delay(AcceptPause, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        _http1.Complete();
        _http2.Complete();
        _secure.Complete();
    }

    private void Begin(Socket socket)
    {
        socket.NoDelay = true;
        switch (_rules.Kind)
        {
            case ConnectionKind.Bytes:
                _bytes.Begin(socket);
                break;
            case ConnectionKind.Secure:
                Hand(_contexts.Create(socket), _secure);
                break;
            default:
                _ = SniffAsync(_contexts.Create(socket));
                break;
        }
    }

    private async Task SniffAsync(ConnectionContext connection)
    {
        try
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
            patience.CancelAfter(FirstByteTimeout);
            var isHttp2 = await IsHttp2Async(connection, patience.Token);
            if (_rules.Speaks(isHttp2))
            {
                Hand(connection, isHttp2 ? _http2 : _http1);
            }
            else
            {
                await EndAsync(connection);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or ConnectionAbortedException)
        {
            // Closed, silent for too long, or the listener stops: nothing was asked yet.
            await EndAsync(connection);
        }
    }

    private static void Hand(ConnectionContext connection, Part part)
    {
        if (!part.TryTake(connection))
        {
            _ = EndAsync(connection);
        }
    }

    private static async Task EndAsync(ConnectionContext connection)
    {
        connection.Abort();
        await connection.DisposeAsync();
    }

    private static async ValueTask<bool> IsHttp2Async(ConnectionContext connection, CancellationToken cancellation)
    {
        var input = connection.Transport.Input;
        while (true)
        {
            var read = await input.ReadAsync(cancellation);
            var answer = Judge(read.Buffer);
            if (answer is not null || read.IsCompleted)
            {
                // Nothing is consumed: the protocol reads all of it again.
                input.AdvanceTo(read.Buffer.Start);
                return answer ?? false;
            }

            input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    /// <summary>Null while it could be either.</summary>
    internal static bool? Judge(ReadOnlySequence<byte> begin)
    {
        Span<byte> bytes = stackalloc byte[Preface.Length];
        var length = (int)Math.Min(begin.Length, Preface.Length);
        begin.Slice(0, length).CopyTo(bytes);
        if (!Preface.StartsWith(bytes[..length]))
        {
            return false;
        }

        return length == Preface.Length ? true : null;
    }

    private async ValueTask StopAsync()
    {
        // Ends the sniffing; connections that Kestrel has are Kestrel's to drain.
        await _stopping.CancelAsync();
        _listening.Dispose();
        if (_accepting is { } accepting)
        {
            await accepting;
        }
    }

    private sealed class Part(SniffingTransport owner, ProtocolEndPoint endPoint) : IConnectionListener
    {
        // Not bounded: every item is an open connection, which the system bounds; and Kestrel takes them at once.
        private readonly Channel<ConnectionContext> _connections = Channel.CreateUnbounded<ConnectionContext>();

        public EndPoint EndPoint => endPoint;

        /// <summary>False where no more are taken.</summary>
        public bool TryTake(ConnectionContext connection) => _connections.Writer.TryWrite(connection);

        public void Complete() => _connections.Writer.TryComplete();

        public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default) =>
            await _connections.Reader.WaitToReadAsync(cancellationToken)
            && _connections.Reader.TryRead(out var connection)
                ? connection
                : null;

        public ValueTask UnbindAsync(CancellationToken cancellationToken = default) => owner.StopAsync();

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
