namespace Weft.Wasm.Sdk;

/// <summary>
/// FNV-1a: a fast hash, for tables and for stable choices; not against those who look for collisions.
/// </summary>
public static class Fnv
{
    /// <summary>The hash of 32 bits.</summary>
    public static uint Hash32(ReadOnlySpan<byte> data)
    {
        var hash = 2166136261;
        foreach (var value in data)
        {
            hash = (hash ^ value) * 16777619;
        }

        return hash;
    }

    /// <summary>The hash of 64 bits.</summary>
    public static ulong Hash64(ReadOnlySpan<byte> data)
    {
        var hash = 14695981039346656037;
        foreach (var value in data)
        {
            hash = (hash ^ value) * 1099511628211;
        }

        return hash;
    }
}
