using System.Numerics;

namespace Weft.Wasm.Sdk;

/// <summary>
/// MurmurHash3 for 32 bits: a fast hash that spreads well; not against those who look for collisions.
/// </summary>
public static class Murmur3
{
    /// <summary>The hash.</summary>
    /// <param name="data">What is hashed.</param>
    /// <param name="seed">Another seed gives another hash.</param>
    public static uint Hash32(ReadOnlySpan<byte> data, uint seed = 0)
    {
        var hash = seed;
        var i = 0;
        for (; i + 4 <= data.Length; i += 4)
        {
            hash ^= Mix((uint)HeaderPairs.Read(data, i));
            hash = (BitOperations.RotateLeft(hash, 13) * 5) + 0xe6546b64;
        }

        uint rest = 0;
        for (var last = data.Length - 1; last >= i; last--)
        {
            rest = (rest << 8) | data[last];
        }

        hash ^= Mix(rest) ^ (uint)data.Length;
        hash = (hash ^ (hash >> 16)) * 0x85ebca6b;
        hash = (hash ^ (hash >> 13)) * 0xc2b2ae35;
        return hash ^ (hash >> 16);
    }

    private static uint Mix(uint four) => BitOperations.RotateLeft(four * 0xcc9e2d51, 15) * 0x1b873593;
}
