using System.Buffers;
using System.Text.Unicode;
using Weft.Flow;

namespace Weft.Manifests.Yaml;

/// <summary>Bytes of a file as text: UTF-8 without NUL, with or without a byte order mark.</summary>
internal static class SourceText
{
    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <summary>The text, or the reason why the bytes are none.</summary>
    public static (string Text, Diagnostic? Error) Decode(string file, ReadOnlySpan<byte> bytes)
    {
        if (bytes.StartsWith(ByteOrderMark))
        {
            bytes = bytes[ByteOrderMark.Length..];
        }

        var buffer = new char[bytes.Length];
        var status = Utf8.ToUtf16(bytes, buffer, out _, out var written, replaceInvalidSequences: false);
        var text = new string(buffer, 0, written);
        if (status != OperationStatus.Done)
        {
            return ("", Diagnostic.Error(
                "WEFT1004", EndOf(file, text), "The file is not text: this is not UTF-8.", "save it as UTF-8"));
        }

        var nul = text.IndexOf('\0', StringComparison.Ordinal);
        return nul < 0
            ? (text, null)
            : ("", Diagnostic.Error(
                "WEFT1004", EndOf(file, text[..nul]), "The file is not text: this is a NUL byte.", "save it as UTF-8"));
    }

    private static SourcePosition EndOf(string file, string text)
    {
        var lastBreak = text.LastIndexOf('\n');
        return new(file, text.AsSpan().Count('\n') + 1, text.Length - lastBreak);
    }
}
