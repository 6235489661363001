using System.Buffers;
using System.Text;

namespace Weft.Wasm.Host.Testing;

/// <summary>The properties of a stream in a test, by their names with dots: <c>source.address</c>.</summary>
public sealed class TestProperties
{
    private readonly Dictionary<string, byte[]> _values = [];

    /// <summary>The bytes of a property that the test or the plugin has set; null where there is none.</summary>
    public ReadOnlyMemory<byte>? this[string path] => _values.TryGetValue(path, out var value) ? value : null;

    /// <summary>Sets a property to text.</summary>
    /// <returns>The properties themselves.</returns>
    public TestProperties Set(string path, string value) => Set(path, writer => PropertyValue.Write(writer, value));

    /// <summary>Sets a property to a number.</summary>
    /// <returns>The properties themselves.</returns>
    public TestProperties Set(string path, long value) => Set(path, writer => PropertyValue.Write(writer, value));

    /// <summary>Sets a property to a truth value.</summary>
    /// <returns>The properties themselves.</returns>
    public TestProperties Set(string path, bool value) => Set(path, writer => PropertyValue.Write(writer, value));

    /// <summary>Sets a property to bytes.</summary>
    /// <returns>The properties themselves.</returns>
    public TestProperties Set(string path, ReadOnlySpan<byte> value)
    {
        _values[path] = value.ToArray();
        return this;
    }

    /// <summary>The text of a property, or null.</summary>
    public string? Text(string path) => this[path] is { } value ? Encoding.UTF8.GetString(value.Span) : null;

    internal bool TryGet(ReadOnlySpan<byte> path, IBufferWriter<byte> value)
    {
        if (!_values.TryGetValue(Dotted(path), out var found))
        {
            return false;
        }

        value.Write(found);
        return true;
    }

    internal void Set(ReadOnlySpan<byte> path, ReadOnlySpan<byte> value) => Set(Dotted(path), value);

    private static string Dotted(ReadOnlySpan<byte> path) => Encoding.UTF8.GetString(path).Replace('\0', '.');

    private TestProperties Set(string path, Action<IBufferWriter<byte>> write)
    {
        var bytes = new ArrayBufferWriter<byte>();
        write(bytes);
        return Set(path, bytes.WrittenSpan);
    }
}
