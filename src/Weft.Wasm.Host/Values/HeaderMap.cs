using System.Text;

namespace Weft.Wasm.Host;

/// <summary>
/// Headers, trailers or metadata as bytes, in their order, with names in small letters. It behaves as Envoy's does:
/// a name may stand several times, reading finds the first, and <c>host</c> is another name of <c>:authority</c>.
/// </summary>
/// <remarks>
/// All text lies in one array that a cleared map keeps, so that a map that is used again costs no memory. Spans that it
/// gives out hold until it is changed. Not for several threads.
/// </remarks>
public sealed partial class HeaderMap
{
    /// <summary>
    /// The most that a map takes, names and values together, in bytes. What would be more is refused.
    /// </summary>
    public const int MaxBytes = 1024 * 1024;

    /// <summary>How many headers there are.</summary>
    public int Count { get; private set; }

    /// <summary>The bytes of all names and values.</summary>
    public int ByteSize { get; private set; }

    /// <summary>
    /// Rises with each change: whoever copies a map to where its headers came from sees whether it must.
    /// </summary>
    public int Version { get; private set; }

    /// <summary>The first value of a name, or null. Bytes that are no UTF-8 are replaced.</summary>
    /// <param name="name">In any case.</param>
    public string? this[string name] =>
        TryGet(Encoding.UTF8.GetBytes(name), out var value) ? Encoding.UTF8.GetString(value) : null;

    /// <summary>The name of the header at a place, in small letters.</summary>
    /// <param name="index">From zero to <see cref="Count"/>.</param>
    public ReadOnlySpan<byte> NameAt(int index)
    {
        var entry = At(index);
        return _text.AsSpan(entry.Name, entry.NameLength);
    }

    /// <summary>The value of the header at a place.</summary>
    /// <param name="index">From zero to <see cref="Count"/>.</param>
    public ReadOnlySpan<byte> ValueAt(int index)
    {
        var entry = At(index);
        return _text.AsSpan(entry.Value, entry.ValueLength);
    }

    /// <summary>Finds the first header of a name.</summary>
    /// <param name="name">In any case.</param>
    /// <param name="value">Its value; holds until the map changes.</param>
    public bool TryGet(ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        var index = Find(name);
        value = index < 0 ? default : ValueAt(index);
        return index >= 0;
    }

    /// <summary>
    /// Adds a header after all others. Of the few names that Envoy keeps once (<c>:path</c>, <c>user-agent</c>), the
    /// value is added to the one that is there, after a comma.
    /// </summary>
    /// <returns>False where the map would become larger than <see cref="MaxBytes"/>: it stays as it is.</returns>
    public bool Add(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        name = SingleHeaders.Canonical(name);
        return SingleHeaders.IsSingle(name) && Find(name) is >= 0 and var index
            ? Append(index, value)
            : Insert(name, value);
    }

    /// <inheritdoc cref="Add(ReadOnlySpan{byte}, ReadOnlySpan{byte})"/>
    public bool Add(string name, string value) => Add(Encoding.UTF8.GetBytes(name), Encoding.UTF8.GetBytes(value));

    /// <summary>
    /// Gives a name one value, after all other headers; what begins with a colon keeps its place.
    /// </summary>
    /// <returns>False where the map would become too large.</returns>
    public bool Replace(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        name = SingleHeaders.Canonical(name);
        if (name.StartsWith((byte)':') && Find(name) is >= 0 and var index)
        {
            return SetValue(index, value);
        }

        if ((long)ByteSize + name.Length + value.Length > MaxBytes)
        {
            return false;
        }

        Remove(name);
        return Insert(name, value);
    }

    /// <summary>Removes all headers of a name.</summary>
    /// <returns>How many there were.</returns>
    public int Remove(ReadOnlySpan<byte> name)
    {
        name = SingleHeaders.Canonical(name);
        var kept = 0;
        for (var i = 0; i < Count; i++)
        {
            if (Has(i, name))
            {
                ByteSize -= _entries[i].NameLength + _entries[i].ValueLength;
            }
            else
            {
                _entries[kept++] = _entries[i];
            }
        }

        var removed = Count - kept;
        Count = kept;
        Version += removed > 0 ? 1 : 0;
        return removed;
    }

    /// <summary>Removes all headers; the map keeps its memory.</summary>
    public void Clear()
    {
        (Count, ByteSize, _used) = (0, 0, 0);
        Version++;
    }

    /// <summary>Adds all headers of another map.</summary>
    public void AddAll(HeaderMap other)
    {
        for (var i = 0; i < other.Count; i++)
        {
            Insert(other.NameAt(i), other.ValueAt(i));
        }
    }

    private ref Entry At(int index)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count);
        return ref _entries[index];
    }

    private bool Has(int index, ReadOnlySpan<byte> name)
    {
        ref var entry = ref _entries[index];
        return entry.NameLength == name.Length && Ascii.EqualsIgnoreCase(_text.AsSpan(entry.Name, name.Length), name);
    }

    private int Find(ReadOnlySpan<byte> name)
    {
        name = SingleHeaders.Canonical(name);
        for (var i = 0; i < Count; i++)
        {
            if (Has(i, name))
            {
                return i;
            }
        }

        return -1;
    }
}
