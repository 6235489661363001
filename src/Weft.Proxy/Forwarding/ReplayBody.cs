namespace Weft.Proxy.Forwarding;

/// <summary>
/// A request body that remembers its beginning, so that it can be sent again. One that is larger than
/// <see cref="Largest"/> is forgotten: it can be read on, but not again.
/// </summary>
/// <remarks>One reader at a time; the forwarder ends the reading of a try before it ends the try.</remarks>
internal sealed class ReplayBody(Stream inner, long? length, Action tooLarge) : RequestBody
{
    public const int Largest = 64 * 1024;

    private const int FirstSize = 4096;
    private byte[]? _kept = length > Largest ? null : [];
    private int _length;
    private int _position;
    private bool _told;
    private Action<ReadOnlyMemory<byte>>? _whole;

    /// <summary>Whether it can be read from the beginning.</summary>
    public bool CanReplay => _kept is not null || !_told;

    /// <summary>Whether all of it is here.</summary>
    public bool IsWhole { get; private set; }

    /// <summary>The next read begins at the beginning.</summary>
    public void Rewind() => _position = 0;

    /// <summary>Calls <paramref name="take"/> with all of it, once that is here; never where it is too large.</summary>
    public void WhenWhole(Action<ReadOnlyMemory<byte>> take) => _whole += take;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_kept is not null && _position < _length)
        {
            var again = Math.Min(buffer.Length, _length - _position);
            _kept.AsMemory(_position, again).CopyTo(buffer);
            _position += again;
            return again;
        }

        if (IsWhole)
        {
            return 0;
        }

        var read = await inner.ReadAsync(buffer, cancellationToken);
        Keep(buffer.Span[..read]);
        if (_kept is not null && read == 0 && !buffer.IsEmpty)
        {
            IsWhole = true;
            _whole?.Invoke(_kept.AsMemory(0, _length));
        }

        return read;
    }

    private void Keep(ReadOnlySpan<byte> read)
    {
        if (_kept is null || _length + read.Length > Largest)
        {
            _kept = null;
            if (!_told && !read.IsEmpty)
            {
                _told = true;
                tooLarge();
            }

            return;
        }

        if (_kept.Length < _length + read.Length)
        {
            var size = length is { } known ? (int)known : Math.Max(FirstSize, _kept.Length * 2);
            Array.Resize(ref _kept, Math.Min(Largest, Math.Max(size, _length + read.Length)));
        }

        read.CopyTo(_kept.AsSpan(_length));
        _length += read.Length;
        _position = _length;
    }
}
