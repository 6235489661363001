using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Weft.Flow;

/// <summary>
/// Hashes a sequence of fields. Each field is framed by its length, so that <c>("ab", "c")</c> and <c>("a", "bc")</c>
/// differ.
/// </summary>
public sealed class ContentHasher : IDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    /// <summary>Adds a text; null differs from empty.</summary>
    public ContentHasher Add(string? field)
    {
        if (field is null)
        {
            return Add(-1L);
        }

        var bytes = Encoding.UTF8.GetBytes(field);
        Add(bytes.Length);
        _hash.AppendData(bytes);
        return this;
    }

    /// <summary>Adds bytes.</summary>
    public ContentHasher Add(ReadOnlySpan<byte> field)
    {
        Add((long)field.Length);
        _hash.AppendData(field);
        return this;
    }

    /// <summary>Adds a number.</summary>
    public ContentHasher Add(long field)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, field);
        _hash.AppendData(bytes);
        return this;
    }

    /// <summary>Adds the number of items, then each of them.</summary>
    public ContentHasher Add<T>(IReadOnlyCollection<T> items, Action<ContentHasher, T> add)
    {
        Add(items.Count);
        foreach (var item in items)
        {
            add(this, item);
        }

        return this;
    }

    /// <summary>The hash of all fields so far; starts anew.</summary>
    public ContentHash Finish()
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        _hash.GetHashAndReset(digest);
        return new(BinaryPrimitives.ReadUInt128BigEndian(digest));
    }

    /// <inheritdoc/>
    public void Dispose() => _hash.Dispose();
}
