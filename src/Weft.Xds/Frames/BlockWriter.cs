using System.Buffers;

namespace Weft.Xds.Frames;

/// <summary>
/// Copies into a pipe block by block. To ask a pipe of Kestrel for room, and to tell it what was used, takes two locks
/// each; a response of a hundred resources would do so three hundred times.
/// </summary>
internal ref struct BlockWriter(IBufferWriter<byte> pipe)
{
    private Span<byte> _room;
    private int _used;

    public void Write(scoped ReadOnlySpan<byte> bytes)
    {
        while (true)
        {
            var part = Math.Min(bytes.Length, _room.Length - _used);
            bytes[..part].CopyTo(_room[_used..]);
            _used += part;
            bytes = bytes[part..];
            if (bytes.IsEmpty)
            {
                return;
            }

            Done();
            _room = pipe.GetSpan();
        }
    }

    /// <summary>Gives the pipe what was written.</summary>
    public void Done()
    {
        if (_used > 0)
        {
            pipe.Advance(_used);
        }

        _room = default;
        _used = 0;
    }
}
