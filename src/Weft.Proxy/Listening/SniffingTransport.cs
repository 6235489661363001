using System.Buffers;
using System.Net;
using System.Threading.Channels;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Weft.Proxy.Listening;

/// <summary>The protocol half of a listening address; Kestrel speaks one protocol per endpoint without TLS.</summary>
internal sealed class ProtocolEndPoint(HttpProtocols protocol) : EndPoint
{
    public HttpProtocols Protocol { get; } = protocol;

    public override string ToString() => Protocol.ToString();
}

/// <summary>
/// One bound address served to Kestrel as two endpoints: connections that begin with the preface of HTTP/2 go to the
/// one, all others to the other.
/// </summary>
/// <remarks>
/// The preface "is designed so that servers that do not support HTTP/2 do not attempt to process it" (RFC 9113,
/// section 3.4): no HTTP/1.1 request begins like it.
/// </remarks>
internal sealed class SniffingTransport(IConnectionListener inner) : IConnectionListenerFactory, IAsyncDisposable
{
    /// <summary>As long as Kestrel waits for a first request.</summary>
    private static readonly TimeSpan FirstByteTimeout = TimeSpan.FromSeconds(130);

    private readonly CancellationTokenSource _stopping = new();
    private readonly Half _http1 = new(HttpProtocols.Http1);
    private readonly Half _http2 = new(HttpProtocols.Http2);
    private Task? _accepting;

    private static ReadOnlySpan<byte> Preface => "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8;

    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        var half = ((ProtocolEndPoint)endpoint).Protocol == HttpProtocols.Http2 ? _http2 : _http1;
        half.Owner = this;
        return new(half);
    }

    /// <summary>Begins to accept: Kestrel has bound both halves.</summary>
    public void Start() => _accepting = AcceptAsync();

    /// <summary>After Kestrel has stopped.</summary>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await inner.DisposeAsync();
        await _http1.DisposeAsync();
        await _http2.DisposeAsync();
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (await inner.AcceptAsync(_stopping.Token) is { } connection)
        {
            _ = RouteAsync(connection);
        }

        _http1.Connections.Writer.TryComplete();
        _http2.Connections.Writer.TryComplete();
    }

    private async Task RouteAsync(ConnectionContext connection)
    {
        try
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
            patience.CancelAfter(FirstByteTimeout);
            var half = await IsHttp2Async(connection, patience.Token) ? _http2 : _http1;
            if (half.Connections.Writer.TryWrite(connection))
            {
                return;
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or ConnectionAbortedException)
        {
            // Closed, silent for too long, or the listener stops: nothing was asked yet.
        }

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
        await inner.UnbindAsync();
        _http1.Connections.Writer.TryComplete();
        _http2.Connections.Writer.TryComplete();
        if (_accepting is { } accepting)
        {
            await accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private sealed class Half(HttpProtocols protocol) : IConnectionListener
    {
        // Not bounded: every item is an open connection, which the system bounds; and Kestrel takes them at once.
        public Channel<ConnectionContext> Connections { get; } = Channel.CreateUnbounded<ConnectionContext>();

        public SniffingTransport? Owner { get; set; }

        public EndPoint EndPoint { get; } = new ProtocolEndPoint(protocol);

        public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default) =>
            await Connections.Reader.WaitToReadAsync(cancellationToken)
            && Connections.Reader.TryRead(out var connection)
                ? connection
                : null;

        public ValueTask UnbindAsync(CancellationToken cancellationToken = default) => Owner!.StopAsync();

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
