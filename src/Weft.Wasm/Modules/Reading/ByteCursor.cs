using System.Text;

namespace Weft.Wasm.Modules.Reading;

// Reads the primitive values of the binary format (WebAssembly 2.0, section 5.2) and never passes its end. Errors are
// exceptions: bytes are read to the end in all but the rarest case.
internal ref struct ByteCursor(ReadOnlySpan<byte> module, int position, int end)
{
    private static readonly UTF8Encoding Utf8 = new(false, throwOnInvalidBytes: true);

    private readonly ReadOnlySpan<byte> _module = module;

    public int Position { get; private set; } = position;

    public int End { get; } = end;

    public readonly int Left => End - Position;

    public readonly bool IsAtEnd => Position == End;

    public byte Byte(string what)
    {
        if (Position >= End)
        {
            throw ModuleErrors.Malformed(Position, $"it ends where {what} must be");
        }

        return _module[Position++];
    }

    public uint U32(string what) => (uint)Unsigned(what);

    public int S32(string what) => (int)Signed(what, 32);

    public long S33(string what) => Signed(what, 33);

    public long S64(string what) => Signed(what, 64);

    // The number of items of a vector. A number that the bytes left cannot hold is refused before anything is allocated.
    public int Count(string what, int limit, int leastBytes = 1)
    {
        var at = Position;
        var count = U32($"the number of {what}");
        if (count > limit)
        {
            throw ModuleErrors.OverLimit(at, $"{count} {what}", limit);
        }

        return (long)count * leastBytes <= Left
            ? (int)count
            : throw ModuleErrors.Malformed(at, $"{count} {what} do not fit into the {Left} bytes that are left");
    }

    public ByteRange Take(string what, long length)
    {
        if (length > Left)
        {
            throw ModuleErrors.Malformed(Position, $"{what} of {length} bytes does not fit into the {Left} that are left");
        }

        var range = new ByteRange(Position, (int)length);
        Position += range.Length;
        return range;
    }

    public ByteCursor Part(string what, long length)
    {
        var range = Take(what, length);
        return new(_module, range.Offset, range.End);
    }

    public string Name(string what)
    {
        var at = Position;
        var length = U32($"the length of {what}");
        if (length > EngineLimits.NameBytes && length <= Left)
        {
            throw ModuleErrors.OverLimit(at, $"{what} of {length} bytes", EngineLimits.NameBytes);
        }

        var range = Take(what, length);
        try
        {
            return Utf8.GetString(_module.Slice(range.Offset, range.Length));
        }
        catch (DecoderFallbackException)
        {
            throw ModuleErrors.Malformed(range.Offset, $"{what} is not UTF-8");
        }
    }

    public readonly ReadOnlySpan<byte> Bytes(ByteRange range) => _module.Slice(range.Offset, range.Length);

    // LEB128 of at most five bytes; what the fifth has beyond 32 bits must be 0.
    private ulong Unsigned(string what)
    {
        var at = Position;
        ulong value = 0;
        for (var shift = 0; ; shift += 7)
        {
            var next = Byte(what);
            if (shift == 28 && next > 0x0F)
            {
                throw ModuleErrors.Malformed(at, $"{what} is longer than 32 bits");
            }

            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }
    }

    // Signed LEB128; in the last byte that may be, all bits from the sign on must be the same.
    private long Signed(string what, int bits)
    {
        var at = Position;
        long value = 0;
        for (var shift = 0; ; shift += 7)
        {
            var next = Byte(what);
            var used = bits - shift;
            if (used <= 7)
            {
                var beyond = (sbyte)(next << 1) >> used;
                if (next >= 0x80 || (beyond != 0 && beyond != -1))
                {
                    throw ModuleErrors.Malformed(at, $"{what} is longer than {bits} bits");
                }
            }

            value |= (long)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                var unused = 64 - Math.Min(64, shift + 7);
                return value << unused >> unused;
            }
        }
    }
}
