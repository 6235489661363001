using System.Numerics;

namespace Weft.Wasm.Sdk;

/// <summary>SHA-256, FIPS 180-4.</summary>
public static class Sha256
{
    /// <summary>Bytes of a digest.</summary>
    public const int DigestSize = 32;

    private const int BlockSize = 64;

    private static ReadOnlySpan<uint> Initial =>
    [
        0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
    ];

    private static ReadOnlySpan<uint> Rounds =>
    [
        0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
        0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
        0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
        0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
        0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
        0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
        0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
        0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
    ];

    /// <summary>Hashes data.</summary>
    /// <param name="data">The data.</param>
    /// <param name="digest">Takes the digest: <see cref="DigestSize"/> bytes at least.</param>
    public static void Hash(ReadOnlySpan<byte> data, Span<byte> digest)
    {
        Span<uint> state = stackalloc uint[8];
        Digest(data, state);
        for (var i = 0; i < DigestSize; i++)
        {
            digest[i] = (byte)(state[i >> 2] >> (24 - ((i & 3) << 3)));
        }
    }

    /// <summary>The first eight bytes of the digest as a number, the first byte the greatest.</summary>
    /// <param name="data">The data.</param>
    public static ulong Hash64(ReadOnlySpan<byte> data)
    {
        Span<uint> state = stackalloc uint[8];
        Digest(data, state);
        return ((ulong)state[0] << 32) | state[1];
    }

    private static void Digest(ReadOnlySpan<byte> data, Span<uint> state)
    {
        Initial.CopyTo(state);
        var bits = (ulong)data.Length << 3;
        for (; data.Length >= BlockSize; data = data[BlockSize..])
        {
            Add(data, state);
        }

        // What is left over, a one, zeros, and the length in bits: in one block, or in two.
        Span<byte> last = stackalloc byte[2 * BlockSize];
        last.Clear();
        data.CopyTo(last);
        last[data.Length] = 0x80;
        var end = data.Length < BlockSize - 8 ? BlockSize : 2 * BlockSize;
        for (var i = 1; i <= 8; i++, bits >>= 8)
        {
            last[end - i] = (byte)bits;
        }

        Add(last, state);
        if (end > BlockSize)
        {
            Add(last[BlockSize..], state);
        }
    }

    private static void Add(ReadOnlySpan<byte> block, Span<uint> state)
    {
        Span<uint> words = stackalloc uint[64];
        Spread(block, words);
        uint a = state[0], b = state[1], c = state[2], d = state[3];
        uint e = state[4], f = state[5], g = state[6], h = state[7];
        for (var i = 0; i < 64; i++)
        {
            var t = h + Sum(e, 6, 11, 25) + ((e & f) ^ (~e & g)) + Rounds[i] + words[i];
            var u = Sum(a, 2, 13, 22) + ((a & b) ^ (a & c) ^ (b & c));
            h = g;
            g = f;
            f = e;
            e = d + t;
            d = c;
            c = b;
            b = a;
            a = t + u;
        }

        state[0] += a;
        state[1] += b;
        state[2] += c;
        state[3] += d;
        state[4] += e;
        state[5] += f;
        state[6] += g;
        state[7] += h;
    }

    private static uint Sum(uint word, int first, int second, int third) =>
        BitOperations.RotateRight(word, first) ^ BitOperations.RotateRight(word, second)
        ^ BitOperations.RotateRight(word, third);

    private static void Spread(ReadOnlySpan<byte> block, Span<uint> words)
    {
        for (var i = 0; i < 16; i++)
        {
            words[i] = (uint)((block[i << 2] << 24) | (block[(i << 2) + 1] << 16) | (block[(i << 2) + 2] << 8)
                | block[(i << 2) + 3]);
        }

        for (var i = 16; i < 64; i++)
        {
            var x = words[i - 15];
            var y = words[i - 2];
            words[i] = words[i - 16] + words[i - 7]
                + (BitOperations.RotateRight(x, 7) ^ BitOperations.RotateRight(x, 18) ^ (x >> 3))
                + (BitOperations.RotateRight(y, 17) ^ BitOperations.RotateRight(y, 19) ^ (y >> 10));
        }
    }
}
