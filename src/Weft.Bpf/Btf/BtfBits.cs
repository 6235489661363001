namespace Weft.Bpf.Btf;

/// <summary>Numbers out of a value, of any count of bits at any place.</summary>
internal static class BtfBits
{
    private const int Byte = 8;

    /// <summary>The most bits of a number.</summary>
    public const int Most = 128;

    /// <summary>A number without its sign.</summary>
    /// <param name="value">The bytes.</param>
    /// <param name="offset">The first bit: the least significant of the first byte, or the most where that comes first.</param>
    /// <param name="size">How many bits, at most <see cref="Most"/>.</param>
    /// <param name="isBigEndian">Whether the most significant byte comes first.</param>
    /// <exception cref="BpfFormatException">They are outside of the value.</exception>
    public static UInt128 Read(ReadOnlySpan<byte> value, long offset, int size, bool isBigEndian)
    {
        if (size is < 0 or > Most || offset < 0 || offset + size > (long)value.Length * Byte)
        {
            throw new BpfFormatException($"{size} bits at {offset} are outside of a value of {value.Length} bytes");
        }

        var result = default(UInt128);
        for (var done = 0; done < size;)
        {
            var at = offset + done;
            var skipped = (int)(at % Byte);
            var taken = Math.Min(Byte - skipped, size - done);
            var shift = isBigEndian ? Byte - skipped - taken : skipped;
            var bits = (UInt128)((value[(int)(at / Byte)] >> shift) & ((1 << taken) - 1));
            result = isBigEndian ? (result << taken) | bits : result | (bits << done);
            done += taken;
        }

        return result;
    }

    /// <summary>The number whose highest bit is its sign.</summary>
    public static Int128 Signed(UInt128 value, int size) =>
        size is 0 or Most ? (Int128)value : (Int128)(value << (Most - size)) >> (Most - size);
}
