using Weft.Wasm.Sdk.Runtime;

namespace Weft.Wasm.Sdk;

/// <summary>
/// Bytes on their way to the proxy: a name, a value, a message. Made without a copy from a UTF-8 literal, a span, an
/// array or a string literal, so that each of them can be written where a <see cref="Text"/> is asked for.
/// </summary>
public readonly ref struct Text
{
    /// <summary>A text of these bytes.</summary>
    /// <param name="bytes">UTF-8, or whatever the receiver takes.</param>
    public Text(ReadOnlySpan<byte> bytes)
    {
        Bytes = bytes;
    }

    /// <summary>The bytes.</summary>
    public ReadOnlySpan<byte> Bytes { get; }

    /// <summary>How many bytes it has.</summary>
    public int Length => Bytes.Length;

    /// <summary>A text of these bytes.</summary>
    public static implicit operator Text(ReadOnlySpan<byte> bytes) => new(bytes);

    /// <summary>A text of these bytes.</summary>
    public static implicit operator Text(Span<byte> bytes) => new(bytes);

    /// <summary>A text of these bytes.</summary>
    public static implicit operator Text(byte[] bytes) => new(bytes);

    /// <summary>A text of a string literal. In a plugin there are no other strings.</summary>
    public static implicit operator Text(string literal) => new(Literals.Utf8(literal));
}
