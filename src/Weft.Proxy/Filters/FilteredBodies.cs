using System.Collections.Immutable;

namespace Weft.Proxy.Filters;

/// <summary>A request's body as filters let it pass.</summary>
/// <param name="answered">Told where a filter answers instead.</param>
internal sealed class FilteredReads(Stream inner, ImmutableArray<IHttpFilterRun> filters, Action<HttpFilterReply> answered) : OneWayStream
{
    private const int PieceSize = 16 << 10;

    private readonly byte[] _piece = new byte[PieceSize];
    private ReadOnlyMemory<byte> _left;
    private bool _isOver;

    public override bool CanRead => true;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (_left.IsEmpty && !_isOver)
        {
            var read = await inner.ReadAsync(_piece, cancellationToken);
            _isOver = read == 0;
            _left = await SeenAsync(_piece.AsMemory(0, read), cancellationToken);
        }

        var length = Math.Min(buffer.Length, _left.Length);
        _left[..length].CopyTo(buffer);
        _left = _left[length..];
        return length;
    }

    private async ValueTask<ReadOnlyMemory<byte>> SeenAsync(ReadOnlyMemory<byte> piece, CancellationToken cancellation)
    {
        try
        {
            return await PassAsync(filters, isRequest: true, piece, _isOver, cancellation);
        }
        catch (HttpFilterAnswerException e)
        {
            answered(e.Reply);
            throw;
        }
    }
}

/// <summary>A response's body on its way through filters.</summary>
internal sealed class FilteredWrites(Stream inner, ImmutableArray<IHttpFilterRun> filters) : OneWayStream
{
    private bool _isOver;

    public override bool CanWrite => true;

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (!buffer.IsEmpty)
        {
            await inner.WriteAsync(await PassAsync(filters, isRequest: false, buffer, false, cancellationToken), cancellationToken);
        }
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

    /// <summary>Nothing follows.</summary>
    public async ValueTask EndAsync(CancellationToken cancellation)
    {
        if (!_isOver)
        {
            _isOver = true;
            await inner.WriteAsync(await PassAsync(filters, isRequest: false, default, true, cancellation), cancellation);
        }
    }
}

/// <summary>A stream that is read or written, never both, and never from a place of one's choice.</summary>
internal abstract class OneWayStream : Stream
{
    public override bool CanRead => false;

    public override bool CanWrite => false;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Flush()
    {
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    /// <summary>What is left of a piece when it has passed all filters.</summary>
    /// <param name="isRequest">Whether it is of a request.</param>
    protected static async ValueTask<ReadOnlyMemory<byte>> PassAsync(
        ImmutableArray<IHttpFilterRun> filters, bool isRequest, ReadOnlyMemory<byte> piece, bool isEnd, CancellationToken cancellation)
    {
        foreach (var filter in filters)
        {
            piece = isRequest
                ? await filter.OnRequestBodyAsync(piece, isEnd, cancellation)
                : await filter.OnResponseBodyAsync(piece, isEnd, cancellation);
        }

        return piece;
    }
}
