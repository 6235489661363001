using System.Buffers.Binary;
using System.IO.Pipelines;

namespace Weft.Tests.Xds.Serving;

/// <summary>
/// A client's HTTP/2 connection that hands over frames one by one and, once a stream has ended, nothing more until it
/// is let go on: so what a client sees does not depend on how fast it reads.
/// </summary>
internal sealed class HeldAfterEnd : Stream
{
    // RFC 9113 §4.1: a frame's length in 24 bits, type, flags and stream; §6.2: END_STREAM on HEADERS.
    private const int HeaderLength = 9;
    private const byte Headers = 1;
    private const byte EndStream = 1;

    private readonly Stream _connection;
    private readonly Task _goOn;
    private readonly Pipe _frames = new();
    private readonly Stream _received;

    public HeldAfterEnd(Stream connection, Task goOn)
    {
        (_connection, _goOn, _received) = (connection, goOn, _frames.Reader.AsStream());
        _ = ForwardAsync();
    }

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        _received.ReadAsync(buffer, cancellationToken);

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        _connection.WriteAsync(buffer, cancellationToken);

    public override Task FlushAsync(CancellationToken cancellationToken) => _connection.FlushAsync(cancellationToken);

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        _connection.Dispose();
        base.Dispose(disposing);
    }

    private async Task ForwardAsync()
    {
        try
        {
            var header = new byte[HeaderLength];
            while (await _connection.ReadAtLeastAsync(header, HeaderLength, throwOnEndOfStream: false) == HeaderLength)
            {
                var payload = new byte[BinaryPrimitives.ReadInt32BigEndian(header) >> 8];
                await _connection.ReadExactlyAsync(payload);
                await _frames.Writer.WriteAsync((byte[])[.. header, .. payload]);
                if (header[3] == Headers && (header[4] & EndStream) != 0)
                {
                    await _goOn;
                }
            }

            await _frames.Writer.CompleteAsync();
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            await _frames.Writer.CompleteAsync(e);
        }
    }
}
