using System.Runtime.CompilerServices;
using Weft.Wasm.Sdk.Runtime;

namespace Weft.Wasm.Sdk;

/// <summary>
/// A message written as an interpolated string: <c>Log.Info($"{count} requests of {user}")</c>. Its holes take numbers,
/// truth, texts and spans of UTF-8; numbers take the format <c>x</c>, or <c>x8</c> for eight hexadecimal digits at
/// least. Where the proxy does not log this level, the holes are not looked at. About a thousand bytes have room; the
/// rest is cut off.
/// </summary>
/// <typeparam name="TLevel">The message's level.</typeparam>
[InterpolatedStringHandler]
public ref struct LogText<TLevel>
    where TLevel : struct, ILogLevel
{
    private readonly int _start;

    /// <summary>Begins a message.</summary>
    /// <param name="literalLength">How many characters stand between the holes.</param>
    /// <param name="formattedCount">How many holes there are.</param>
    /// <param name="wanted">Whether the proxy logs this level.</param>
    public LogText(int literalLength, int formattedCount, out bool wanted)
    {
        _ = literalLength;
        _ = formattedCount;
        wanted = Log.IsEnabled(TLevel.Level);
        _start = wanted ? LogBuffer.Begin() : -1;
    }

    /// <summary>Adds what stands between the holes.</summary>
    public readonly void AppendLiteral(string value) => AppendFormatted(Literals.Utf8(value));

    /// <summary>Adds a string literal.</summary>
    public readonly void AppendFormatted(string value) => AppendFormatted(Literals.Utf8(value));

    /// <summary>Adds a text.</summary>
    public readonly void AppendFormatted(Text value) => AppendFormatted(value.Bytes);

    /// <summary>Adds a text.</summary>
    public readonly void AppendFormatted(Span<byte> value) => AppendFormatted((ReadOnlySpan<byte>)value);

    /// <summary>Adds a text.</summary>
    public readonly void AppendFormatted(byte[] value) => AppendFormatted((ReadOnlySpan<byte>)value);

    /// <summary>Adds a text.</summary>
    public readonly void AppendFormatted(ReadOnlySpan<byte> value)
    {
        var part = LogBuffer.Open();
        part.Append(value);
        LogBuffer.Advance(part);
    }

    /// <summary>Adds a number.</summary>
    public readonly void AppendFormatted(int value) => AppendFormatted((long)value);

    /// <summary>Adds a number.</summary>
    public readonly void AppendFormatted(uint value) => AppendFormatted((long)value);

    /// <summary>Adds a number.</summary>
    public readonly void AppendFormatted(long value)
    {
        var part = LogBuffer.Open();
        part.Append(value);
        LogBuffer.Advance(part);
    }

    /// <summary>Adds a number.</summary>
    public readonly void AppendFormatted(ulong value)
    {
        var part = LogBuffer.Open();
        part.AppendUnsigned(value);
        LogBuffer.Advance(part);
    }

    /// <summary>Adds a number with a fraction.</summary>
    public readonly void AppendFormatted(double value)
    {
        var part = LogBuffer.Open();
        part.Append(value);
        LogBuffer.Advance(part);
    }

    /// <summary>Adds <c>true</c> or <c>false</c>.</summary>
    public readonly void AppendFormatted(bool value) => AppendFormatted(value ? "true"u8 : "false"u8);

    /// <summary>Adds a number in hexadecimal digits.</summary>
    /// <param name="value">The number.</param>
    /// <param name="format"><c>x</c>, and how many digits at least where it matters.</param>
    public readonly void AppendFormatted(int value, string format) => AppendFormatted((ulong)(uint)value, format);

    /// <inheritdoc cref="AppendFormatted(int, string)"/>
    public readonly void AppendFormatted(uint value, string format) => AppendFormatted((ulong)value, format);

    /// <inheritdoc cref="AppendFormatted(int, string)"/>
    public readonly void AppendFormatted(long value, string format) => AppendFormatted((ulong)value, format);

    /// <inheritdoc cref="AppendFormatted(int, string)"/>
    public readonly void AppendFormatted(ulong value, string format)
    {
        _ = Ascii.TryParseInt32(Literals.Utf8(format)[1..], out var digits);
        var part = LogBuffer.Open();
        part.AppendHex(value, digits);
        LogBuffer.Advance(part);
    }

    /// <summary>Ends the message.</summary>
    /// <param name="message">The message, gone with the next one.</param>
    /// <returns>Whether the proxy logs this level.</returns>
    internal readonly bool End(out ReadOnlySpan<byte> message)
    {
        message = _start < 0 ? default : LogBuffer.End(_start);
        return _start >= 0;
    }
}
