using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Weft.Proxy.Tracing;

/// <summary>The header <c>traceparent</c> of W3C's Trace Context.</summary>
internal static class TraceParent
{
    // 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01
    private const int Length = 55;

    /// <summary>The trace of the caller. False where there is none, or one that cannot be understood.</summary>
    public static bool TryRead(IHeaderDictionary headers, out ActivityContext context)
    {
        context = default;
        var values = headers.TraceParent;
        if (values.Count != 1 || !IsWellFormed(values[0]))
        {
            return false;
        }

        var text = values[0].AsSpan();
        var flags = (HexValue(text[53]) << 4) | HexValue(text[54]);
        context = new(
            ActivityTraceId.CreateFromString(text.Slice(3, 32)),
            ActivitySpanId.CreateFromString(text.Slice(36, 16)),
            (flags & 1) == 0 ? ActivityTraceFlags.None : ActivityTraceFlags.Recorded,
            StateOf(headers.TraceState),
            isRemote: true);
        return true;
    }

    public static string Write(in ActivityContext context) =>
        $"00-{context.TraceId.ToHexString()}-{context.SpanId.ToHexString()}-"
        + ((context.TraceFlags & ActivityTraceFlags.Recorded) == 0 ? "00" : "01");

    /// <summary>
    /// "Multiple tracestate header fields MUST be handled as specified by RFC7230": joined, in their order.
    /// </summary>
    private static string? StateOf(StringValues values) => values.Count == 0 ? null : values.ToString();

    private static bool IsWellFormed(string? text) =>
        text is { Length: >= Length }
        && text[2] == '-' && text[35] == '-' && text[52] == '-'
        && IsHex(text.AsSpan(0, 2)) && IsHex(text.AsSpan(53, 2))
        && IsHex(text.AsSpan(3, 32)) && text.AsSpan(3, 32).ContainsAnyExcept('0')
        && IsHex(text.AsSpan(36, 16)) && text.AsSpan(36, 16).ContainsAnyExcept('0')
        && HasKnownEnd(text);

    /// <summary>
    /// "Version ff is invalid"; a version that is not known yet may append fields, each after a dash.
    /// </summary>
    private static bool HasKnownEnd(string text) => text.AsSpan(0, 2) switch
    {
        "ff" => false,
        "00" => text.Length == Length,
        _ => text.Length == Length || text[Length] == '-',
    };

    private static bool IsHex(ReadOnlySpan<char> text)
    {
        foreach (var c in text)
        {
            if (!char.IsAsciiHexDigitLower(c))
            {
                return false;
            }
        }

        return true;
    }

    private static int HexValue(char c) => c <= '9' ? c - '0' : c - 'a' + 10;
}
