namespace Weft.Wasm.Host;

/// <content>How headers lie in the array.</content>
public sealed partial class HeaderMap
{
    private const int MaxEntries = 8 * PairsReader.MaxCount;
    private Entry[] _entries = new Entry[16];
    private byte[] _text = new byte[512];
    private int _used;

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
