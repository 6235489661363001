using System.Diagnostics.CodeAnalysis;

namespace Weft.Bpf;

/// <summary>
/// The objects that are values of a map, by key. As long as the map is in reach they are, too: the garbage collector must not
/// close what a program only reaches through this map.
/// </summary>
internal sealed class MapReferences
{
    private readonly Lock _lock = new();
    private readonly Dictionary<byte[], object> _byKey = new(KeyBytes.Comparer);

    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _byKey.Count;
            }
        }
    }

    public void Keep(ReadOnlySpan<byte> key, object value)
    {
        lock (_lock)
        {
            _byKey.GetAlternateLookup<ReadOnlySpan<byte>>()[key] = value;
        }
    }

    public void Forget(ReadOnlySpan<byte> key)
    {
        lock (_lock)
        {
            _byKey.GetAlternateLookup<ReadOnlySpan<byte>>().Remove(key);
        }
    }

    private sealed class KeyBytes : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
    {
        public static KeyBytes Comparer { get; } = new();

        public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();

        public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);

        public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

        public int GetHashCode(ReadOnlySpan<byte> alternate)
        {
            var hash = default(HashCode);
            hash.AddBytes(alternate);
            return hash.ToHashCode();
        }

        public int GetHashCode([DisallowNull] byte[] obj) => GetHashCode(obj.AsSpan());
    }
}
