namespace Weft.Wasm.Host;

/// <summary>Bytes as the key of a dictionary: what plugins name need not be text.</summary>
internal readonly struct ByteKey(ReadOnlySpan<byte> bytes) : IEquatable<ByteKey>
{
    private readonly byte[] _bytes = bytes.ToArray();

    public bool Equals(ByteKey other) => _bytes.AsSpan().SequenceEqual(other._bytes);

    public override bool Equals(object? obj) => obj is ByteKey other && Equals(other);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.AddBytes(_bytes);
        return hash.ToHashCode();
    }
}
