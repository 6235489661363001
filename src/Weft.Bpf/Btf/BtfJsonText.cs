using System.Text.Json;
using System.Text.Unicode;

namespace Weft.Bpf.Btf;

/// <summary>Writes arrays of characters.</summary>
internal static class BtfJsonText
{
    /// <summary>Writes text up to its zero; false, and nothing written, where it cannot be read.</summary>
    public static bool TryWrite(Utf8JsonWriter writer, ReadOnlySpan<byte> value)
    {
        var length = value.IndexOf((byte)0);
        var text = length < 0 ? value : value[..length];
        if (!Utf8.IsValid(text) || HasControls(text))
        {
            return false;
        }

        writer.WriteStringValue(text);
        return true;
    }

    private static bool HasControls(ReadOnlySpan<byte> text)
    {
        foreach (var letter in text)
        {
            if (letter is 0x7F or (< 0x20 and not ((byte)'\t' or (byte)'\n' or (byte)'\r')))
            {
                return true;
            }
        }

        return false;
    }
}
