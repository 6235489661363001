namespace Weft.Wasm.Sdk;

/// <summary>A name and a value: of a header, a cookie or a query's parameter.</summary>
public readonly ref struct NameValue
{
    internal NameValue(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        Name = name;
        Value = value;
    }

    /// <summary>The name.</summary>
    public ReadOnlySpan<byte> Name { get; }

    /// <summary>The value; it can be empty.</summary>
    public ReadOnlySpan<byte> Value { get; }

    /// <summary>
    /// The text before the first separator and that behind it; all of it is the name where there is none.
    /// </summary>
    internal static NameValue Split(ReadOnlySpan<byte> text, byte separator)
    {
        var at = text.IndexOf(separator);
        return at < 0 ? new NameValue(text, default) : new NameValue(text[..at], text[(at + 1)..]);
    }
}
