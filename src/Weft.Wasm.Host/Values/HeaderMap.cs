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
public sealed class HeaderMap
{
    /// <summary>The most that a map takes, names and values together, in bytes. What would be more is refused.</summary>
    public const int MaxBytes = 1024 * 1024;

    private const int MaxEntries = 8 * PairsReader.MaxCount;
    private Entry[] _entries = new Entry[16];
    private byte[] _text = new byte[512];
    private int _used;

    /// <summary>How many headers there are.</summary>
    public int Count { get; private set; }

    /// <summary>The bytes of all names and values.</summary>
    public int ByteSize { get; private set; }

    /// <summary>Rises with each change: whoever copies a map to where its headers came from sees whether it must.</summary>
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
        var index = Find(name, 0);
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
        return SingleHeaders.IsSingle(name) && Find(name, 0) is >= 0 and var index
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
        if (name.StartsWith((byte)':') && Find(name, 0) is >= 0 and var index)
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
        var removed = 0;
        for (var index = Find(name, 0); index >= 0; index = Find(name, index))
        {
            ByteSize -= _entries[index].NameLength + _entries[index].ValueLength;
            _entries.AsSpan(index + 1, Count - index - 1).CopyTo(_entries.AsSpan(index));
            Count--;
            removed++;
        }

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

    private int Find(ReadOnlySpan<byte> name, int from)
    {
        name = SingleHeaders.Canonical(name);
        for (var i = from; i < Count; i++)
        {
            ref var entry = ref _entries[i];
            if (entry.NameLength == name.Length && Ascii.EqualsIgnoreCase(_text.AsSpan(entry.Name, name.Length), name))
            {
                return i;
            }
        }

        return -1;
    }

    private bool Insert(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        if (Count == MaxEntries || (long)ByteSize + name.Length + value.Length > MaxBytes)
        {
            return false;
        }

        if (Count == _entries.Length)
        {
            Array.Resize(ref _entries, Count * 2);
        }

        Reserve(name.Length + value.Length);
        var entry = new Entry { Name = _used, NameLength = name.Length, ValueLength = value.Length };
        ToLower(name, _text.AsSpan(_used));
        entry.Value = Store(value, _used + name.Length);
        _entries[Count++] = entry;
        ByteSize += name.Length + value.Length;
        Version++;
        return true;
    }

    private bool SetValue(int index, ReadOnlySpan<byte> value)
    {
        if ((long)ByteSize + value.Length - _entries[index].ValueLength > MaxBytes)
        {
            return false;
        }

        if (value.Length > _entries[index].ValueLength)
        {
            Reserve(value.Length);
            _entries[index].Value = _used;
        }

        ref var entry = ref _entries[index];
        ByteSize += value.Length - entry.ValueLength;
        value.CopyTo(_text.AsSpan(entry.Value));
        _used = Math.Max(_used, entry.Value + value.Length);
        entry.ValueLength = value.Length;
        Version++;
        return true;
    }

    private bool Append(int index, ReadOnlySpan<byte> value)
    {
        var former = ValueAt(index);
        if ((long)ByteSize + value.Length + 1 > MaxBytes)
        {
            return false;
        }

        byte[] both = [.. former, (byte)',', .. value];
        return SetValue(index, former.IsEmpty ? value : both);
    }

    private int Store(ReadOnlySpan<byte> part, int at)
    {
        part.CopyTo(_text.AsSpan(at));
        _used = at + part.Length;
        return at;
    }

    // What is replaced stays behind in the array until the array is full.
    private void Reserve(int size)
    {
        if (_text.Length - _used >= size)
        {
            return;
        }

        var text = new byte[Math.Max(512, 2 * (ByteSize + size))];
        var used = 0;
        foreach (ref var entry in _entries.AsSpan(0, Count))
        {
            _text.AsSpan(entry.Name, entry.NameLength).CopyTo(text.AsSpan(used));
            _text.AsSpan(entry.Value, entry.ValueLength).CopyTo(text.AsSpan(used + entry.NameLength));
            entry.Name = used;
            entry.Value = used + entry.NameLength;
            used = entry.Value + entry.ValueLength;
        }

        (_text, _used) = (text, used);
    }

    private static void ToLower(ReadOnlySpan<byte> name, Span<byte> target)
    {
        for (var i = 0; i < name.Length; i++)
        {
            target[i] = name[i] is >= (byte)'A' and <= (byte)'Z' ? (byte)(name[i] | 0x20) : name[i];
        }
    }

    private struct Entry
    {
        public int Name;
        public int NameLength;
        public int Value;
        public int ValueLength;
    }
}
