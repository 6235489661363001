using System.Numerics;

namespace Weft.Wasm.Sdk;

/// <summary>SHA-256, FIPS 180-4.</summary>
public static unsafe class Sha256
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
        var state = stackalloc uint[8];
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
        var state = stackalloc uint[8];
        Digest(data, state);
        return ((ulong)state[0] << 32) | state[1];
    }

    private static void Digest(ReadOnlySpan<byte> data, uint* state)
    {
        for (var i = 0; i < 8; i++)
        {
            state[i] = Initial[i];
        }

        // The last bytes, a one, zeros, and the length in bits: in one block, or in two.
        var last = stackalloc byte[2 * BlockSize];
        for (var i = 0; i < 2 * BlockSize; i++)
        {
            last[i] = 0;
        }

        fixed (byte* first = data)
        {
            var left = data.Length;
            for (; left >= BlockSize; left -= BlockSize)
            {
                Add(first + (data.Length - left), state);
            }

            for (var i = 0; i < left; i++)
            {
                last[i] = first[data.Length - left + i];
            }

            last[left] = 0x80;
            var end = left < BlockSize - 8 ? BlockSize : 2 * BlockSize;
            var bits = (ulong)data.Length << 3;
            for (var i = 1; i <= 8; i++, bits >>= 8)
            {
                last[end - i] = (byte)bits;
            }

            for (var i = 0; i < end; i += BlockSize)
            {
                Add(last + i, state);
            }
        }
    }

    // One block: sixteen words, of which sixty-four are made, each of them mixed into the eight of the state. The state
    // lies in a ring, so that a round writes two words of it rather than all.
    private static void Add(byte* block, uint* state)
    {
        var words = stackalloc uint[64];
        var ring = stackalloc uint[8];
        for (var i = 0; i < 8; i++)
        {
            ring[i] = state[i];
        }

        for (var i = 0; i < 64; i++)
        {
            words[i] = i < 16 ? Word(block + (i << 2))
                : words[i - 16] + words[i - 7]
                    + (Turn(words[i - 15], 7, 18) ^ (words[i - 15] >> 3))
                    + (Turn(words[i - 2], 17, 19) ^ (words[i - 2] >> 10));
            var a = ring[-i & 7];
            var b = ring[(1 - i) & 7];
            var c = ring[(2 - i) & 7];
            var e = ring[(4 - i) & 7];
            var f = ring[(5 - i) & 7];
            var g = ring[(6 - i) & 7];
            var t = ring[(7 - i) & 7] + (Turn(e, 6, 11) ^ BitOperations.RotateRight(e, 25)) + ((e & f) ^ (~e & g))
                + Rounds[i] + words[i];
            ring[(3 - i) & 7] += t;
            ring[(7 - i) & 7] = t + (Turn(a, 2, 13) ^ BitOperations.RotateRight(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
        }

        for (var i = 0; i < 8; i++)
        {
            state[i] += ring[i];
        }
    }

    private static uint Word(byte* four) =>
        (uint)((four[0] << 24) | (four[1] << 16) | (four[2] << 8) | four[3]);

    private static uint Turn(uint word, int first, int second) =>
        BitOperations.RotateRight(word, first) ^ BitOperations.RotateRight(word, second);
}
