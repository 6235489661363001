using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;

namespace Weft.Flow;

/// <summary>
/// 128 bits that stand for a content: the first half of its SHA-256. Equal contents have equal hashes on every
/// machine; nobody can make two contents meet.
/// </summary>
public readonly record struct ContentHash(UInt128 Value)
{
    /// <summary>The hash of nothing, and the neutral element of <see cref="Plus"/>.</summary>
    public static ContentHash Empty => default;

    /// <summary>The hash of <paramref name="content"/>.</summary>
    public static ContentHash Of(ReadOnlySpan<byte> content)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(content, digest);
        return new(BinaryPrimitives.ReadUInt128BigEndian(digest));
    }

    /// <summary>The hash of a set that has one more member: a sum, so the order of the members does not matter.</summary>
    public ContentHash Plus(ContentHash other) => new(unchecked(Value + other.Value));

    /// <summary>The hash of a set that has one member less; undoes <see cref="Plus"/>.</summary>
    public ContentHash Minus(ContentHash other) => new(unchecked(Value - other.Value));

    /// <summary>32 lower-case hexadecimal digits.</summary>
    public override string ToString() => Value.ToString("x32", CultureInfo.InvariantCulture);
}
