using System.Text.Json;

namespace Weft.Bpf.Btf;

/// <summary>
/// Writes values as JSON, by their types. It remembers the types that it has met: one object writes many values, but for one
/// thread at a time.
/// </summary>
/// <remarks>
/// Numbers are numbers, and strings where they have more than 64 bits; arrays of <c>char</c> are text up to their zero where
/// that can be read; enumerations are names; pointers are strings such as <c>"0xffff888003a5c000"</c>; structures and unions
/// are objects in which members of anonymous ones stand as if they were their own. What has no value is <c>null</c>.
/// </remarks>
public sealed class BtfJson
{
    private const int MaxDepth = 32;
    private const int MaxParts = 1 << 20;

    private readonly BtfSpec _types;
    private readonly Dictionary<uint, BtfShape> _shapes = [];
    private int _parts;
    private int _openDepth;

    /// <param name="types">The types of the values.</param>
    public BtfJson(BtfSpec types) => _types = types;

    /// <summary>Writes one value.</summary>
    /// <param name="writer">Where to. What is written of a value that is refused stays there.</param>
    /// <param name="types">The types.</param>
    /// <param name="type">The value's type.</param>
    /// <param name="value">The bytes, in the byte order of the types; an array without a length at the end takes what is left.</param>
    /// <exception cref="BpfFormatException">It is shorter than its type, or the types are damaged or too deep.</exception>
    public static void Write(Utf8JsonWriter writer, BtfSpec types, uint type, ReadOnlySpan<byte> value) =>
        new BtfJson(types).Write(writer, type, value);

    /// <inheritdoc cref="Write(Utf8JsonWriter, BtfSpec, uint, ReadOnlySpan{byte})"/>
    public void Write(Utf8JsonWriter writer, uint type, ReadOnlySpan<byte> value)
    {
        (_parts, _openDepth) = (0, 0);
        var shape = Shape(type);
        Write(writer, shape, Part(value, 0, shape), 0);
    }

    private BtfShape Shape(uint type)
    {
        if (!_shapes.TryGetValue(type, out var shape))
        {
            shape = BtfShape.Of(_types, type, IsOpen);
            _shapes[type] = shape;
        }

        return shape;
    }

    // A structure may, in a damaged file, end with itself.
    private bool IsOpen(uint last)
    {
        if (++_openDepth > MaxDepth)
        {
            throw new BpfFormatException($"type {last} ends with itself");
        }

        var result = Shape(last).IsOpen;
        _openDepth--;
        return result;
    }

    private void Write(Utf8JsonWriter writer, BtfShape shape, ReadOnlySpan<byte> value, int depth)
    {
        if (depth > MaxDepth || ++_parts > MaxParts)
        {
            throw new BpfFormatException("a value is too deep or too large to be written");
        }

        switch (shape.Type)
        {
            case BtfComposite:
                writer.WriteStartObject();
                Members(writer, shape, value, depth);
                writer.WriteEndObject();
                break;
            case BtfArray array:
                Array(writer, shape, array, value, depth);
                break;
            case BtfDataSection section:
                Variables(writer, section, value, depth);
                break;
            default:
                BtfJsonNumbers.Write(writer, shape, value, _types.IsBigEndian);
                break;
        }
    }

    private void Members(Utf8JsonWriter writer, BtfShape shape, ReadOnlySpan<byte> value, int depth)
    {
        foreach (var member in shape.Members)
        {
            var inner = Shape(member.Type);
            if (member.BitSize > 0 || inner.BitSize > 0)
            {
                writer.WritePropertyName(member.Name);
                BtfJsonNumbers.WriteBits(writer, inner, value, member, _types.IsBigEndian);
                continue;
            }

            var part = Part(value, member.BitOffset / 8, inner);
            if (member.IsAnonymous && inner.Type is BtfComposite && depth < MaxDepth)
            {
                Members(writer, inner, part, depth + 1);
                continue;
            }

            writer.WritePropertyName(member.Name);
            Write(writer, inner, part, depth + 1);
        }

        _parts += shape.Members.Length;
        if (_parts > MaxParts)
        {
            throw new BpfFormatException("a value is too large to be written");
        }
    }

    private void Array(Utf8JsonWriter writer, BtfShape shape, BtfArray array, ReadOnlySpan<byte> value, int depth)
    {
        var element = Shape(array.Element);
        var count = shape.IsOpen && element.Size > 0 ? value.Length / element.Size : array.Count;
        if (element.IsChar && BtfJsonText.TryWrite(writer, value[..(int)count]))
        {
            return;
        }

        writer.WriteStartArray();
        for (long i = 0; i < count; i++)
        {
            Write(writer, element, Part(value, i * element.Size, element), depth + 1);
        }

        writer.WriteEndArray();
    }

    private void Variables(Utf8JsonWriter writer, BtfDataSection section, ReadOnlySpan<byte> value, int depth)
    {
        writer.WriteStartObject();
        foreach (var variable in section.Variables)
        {
            var inner = Shape(variable.Type);
            writer.WritePropertyName(_types.NameOf(variable.Type));
            Write(writer, inner, Part(value, variable.Offset, inner), depth + 1);
        }

        writer.WriteEndObject();
    }

    private static ReadOnlySpan<byte> Part(ReadOnlySpan<byte> value, long at, BtfShape shape) =>
        at > value.Length || shape.Size > value.Length - at
            ? throw new BpfFormatException($"{shape.Size} bytes at {at} are outside of a value of {value.Length} bytes")
            : shape.IsOpen ? value[(int)at..] : value.Slice((int)at, (int)shape.Size);
}
