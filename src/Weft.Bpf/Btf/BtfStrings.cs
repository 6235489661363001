using System.Buffers;
using System.Text;

namespace Weft.Bpf.Btf;

/// <summary>The strings of BTF that is being made; each of them once.</summary>
internal sealed class BtfStrings
{
    /// <summary>The furthest that a kernel reads (<c>BTF_MAX_NAME_OFFSET</c>).</summary>
    private const long Most = 0xFFFFFF;

    private readonly uint _start;
    private readonly ArrayBufferWriter<byte> _bytes = new();
    private readonly Dictionary<string, uint> _places = new(StringComparer.Ordinal);

    /// <param name="start">Where the strings of the types below end; 0 where there are none.</param>
    public BtfStrings(uint start = 0)
    {
        _start = start;
        _places[""] = 0;
        if (start == 0)
        {
            _bytes.Write((ReadOnlySpan<byte>)[0]);
        }
    }

    /// <summary>Strings that continue those of a file, at the same places.</summary>
    public BtfStrings(ReadOnlySpan<byte> strings)
    {
        _bytes.Write(strings.IsEmpty ? [0] : strings);
        _places[""] = 0;
    }

    public ReadOnlySpan<byte> Bytes => _bytes.WrittenSpan;

    /// <summary>The place of a string.</summary>
    /// <exception cref="ArgumentException">It has a zero in it, or there are too many strings.</exception>
    public uint Add(string text)
    {
        if (_places.TryGetValue(text, out var place))
        {
            return place;
        }

        if (text.Contains('\0') || _start + _bytes.WrittenCount + text.Length > Most)
        {
            throw new ArgumentException("A name has a zero in it, or there are more than BTF can hold.", nameof(text));
        }

        place = _start + (uint)_bytes.WrittenCount;
        _bytes.Write(Encoding.UTF8.GetBytes(text));
        _bytes.Write((ReadOnlySpan<byte>)[0]);
        _places.Add(text, place);
        return place;
    }
}
