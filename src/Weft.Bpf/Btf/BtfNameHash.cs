using System.Buffers.Binary;
using System.Numerics;

namespace Weft.Bpf.Btf;

/// <summary>
/// Hashes of names, eight bytes at a time, of what is left without a flavour. A kernel has a hundred thousand of them, whose
/// lengths are not known: one pass finds the end, mixes the bytes, and sees if there may be a flavour.
/// </summary>
internal static class BtfNameHash
{
    private const int Step = sizeof(ulong);
    private const ulong Ones = 0x0101010101010101;
    private const ulong Tops = 0x8080808080808080;
    private const ulong Underscores = 0x5F5F5F5F5F5F5F5F;

    /// <summary>The hash of a name that has no flavour.</summary>
    public static uint Of(ReadOnlySpan<byte> name)
    {
        ulong hash = 0;
        for (; name.Length >= Step; name = name[Step..])
        {
            hash = Mix(hash, BinaryPrimitives.ReadUInt64LittleEndian(name));
        }

        ulong rest = 0;
        for (var i = 0; i < name.Length; i++)
        {
            rest |= (ulong)name[i] << (8 * i);
        }

        return (uint)(Mix(hash, rest) >> 32);
    }

    /// <summary>The hash of the name that begins here and ends with a zero.</summary>
    /// <returns>False where it must be looked at closely: three underscores are in it, or no end is near.</returns>
    public static bool TryScan(ReadOnlySpan<byte> text, out uint hash)
    {
        ulong mixed = 0, before = 0;
        for (; text.Length >= Step; text = text[Step..])
        {
            var word = BinaryPrimitives.ReadUInt64LittleEndian(text);
            var ends = (word - Ones) & ~word & Tops;
            if (ends != 0)
            {
                // The bytes before the first zero, of which there are seven at most.
                word &= (1ul << (BitOperations.TrailingZeroCount(ends) & ~7)) - 1;
            }

            mixed = Mix(mixed, word);
            var now = AreUnderscores(word);
            if ((now & ((now << 8) | (before >> 56)) & ((now << 16) | (before >> 48))) != 0)
            {
                break;
            }

            if (ends != 0)
            {
                hash = (uint)(mixed >> 32);
                return true;
            }

            before = now;
        }

        hash = 0;
        return false;
    }

    private static ulong Mix(ulong hash, ulong word) => (BitOperations.RotateLeft(hash, 27) ^ word) * 0x9E3779B97F4A7C15;

    // The highest bit of each byte that is one.
    private static ulong AreUnderscores(ulong word)
    {
        var other = word ^ Underscores;
        return ~(((other & ~Tops) + ~Tops) | other | ~Tops);
    }
}
