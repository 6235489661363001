using System.Text;

namespace Weft.Wasm.Regexes;

/// <summary>
/// How a range of characters looks in UTF-8: sequences of ranges of bytes, which together are it and no more.
/// </summary>
internal static class Utf8Sequences
{
    // Ranges whose characters have the same number of bytes; the halves of characters between them have none.
    private static readonly (int First, int Last)[] SameLength =
        [(0, 0x7f), (0x80, 0x7ff), (0x800, 0xd7ff), (0xe000, 0xffff), (0x10000, CharacterSet.Last)];

    public static IEnumerable<(byte First, byte Last)[]> Of(int first, int last)
    {
        foreach (var part in SameLength)
        {
            var (from, to) = (Math.Max(first, part.First), Math.Min(last, part.Last));
            if (from <= to)
            {
                foreach (var sequence in Split(from, to))
                {
                    yield return sequence;
                }
            }
        }
    }

    // A range is one sequence where each byte behind the first that differs goes through all its values.
    private static IEnumerable<(byte First, byte Last)[]> Split(int first, int last)
    {
        for (var bits = 6; bits < 24; bits += 6)
        {
            var low = (1 << bits) - 1;
            if (last <= 0x7f || (first & ~low) == (last & ~low))
            {
                continue;
            }

            var cut = (first & low) != 0 ? first | low : (last & low) != low ? (last & ~low) - 1 : -1;
            if (cut >= 0)
            {
                return Split(first, cut).Concat(Split(cut + 1, last));
            }
        }

        var (a, b) = (Encode(first), Encode(last));
        return [[.. a.Zip(b)]];
    }

    private static byte[] Encode(int letter)
    {
        var bytes = new byte[4];
        return bytes[..new Rune(letter).EncodeToUtf8(bytes)];
    }
}
