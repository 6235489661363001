namespace Weft.Wasm.Sdk;

/// <summary>Bytes as letters, RFC 4648.</summary>
public static class Base64
{
    /// <summary>
    /// Reads bytes from letters: of the usual alphabet or that of URLs, with padding or without; no spaces.
    /// </summary>
    /// <param name="text">The letters.</param>
    /// <param name="buffer">Takes the bytes, three for four letters.</param>
    /// <param name="written">How many bytes were written.</param>
    /// <returns>False where a letter is not allowed, the letters end too early, or the bytes had no room.</returns>
    public static bool TryDecode(ReadOnlySpan<byte> text, Span<byte> buffer, out int written)
    {
        written = 0;
        text = WithoutPadding(text);
        if ((text.Length & 3) == 1 || DecodedLength(text) > buffer.Length)
        {
            return false;
        }

        var bits = 0;
        var held = 0;
        foreach (var letter in text)
        {
            var value = Value(letter);
            if (value < 0)
            {
                return false;
            }

            held = (held << 6) | value;
            bits += 6;
            if (bits >= 8)
            {
                bits -= 8;
                buffer[written++] = (byte)(held >> bits);
            }
        }

        return true;
    }

    /// <summary>How many bytes stand in letters.</summary>
    /// <param name="text">The letters.</param>
    public static int DecodedLength(ReadOnlySpan<byte> text)
    {
        var length = WithoutPadding(text).Length;
        return ((length >> 2) * 3) + (((length & 3) * 3) >> 2);
    }

    /// <summary>Writes bytes as letters of the usual alphabet, with padding.</summary>
    /// <param name="data">The bytes.</param>
    /// <param name="buffer">Takes the letters, four for each three bytes begun.</param>
    /// <param name="written">How many letters were written.</param>
    /// <returns>Whether there was room; where there was none nothing is written.</returns>
    public static bool TryEncode(ReadOnlySpan<byte> data, Span<byte> buffer, out int written)
    {
        written = 0;
        if (((long)data.Length + 2) / 3 * 4 > buffer.Length)
        {
            return false;
        }

        for (var i = 0; i < data.Length; i += 3)
        {
            var left = data.Length - i;
            var three = data[i] << 16 | (left > 1 ? data[i + 1] << 8 : 0) | (left > 2 ? data[i + 2] : 0);
            buffer[written] = Letter(three >> 18);
            buffer[written + 1] = Letter((three >> 12) & 63);
            buffer[written + 2] = left > 1 ? Letter((three >> 6) & 63) : (byte)'=';
            buffer[written + 3] = left > 2 ? Letter(three & 63) : (byte)'=';
            written += 4;
        }

        return true;
    }

    private static ReadOnlySpan<byte> WithoutPadding(ReadOnlySpan<byte> text)
    {
        var end = text.Length;
        for (var i = 0; i < 2 && end > 0 && text[end - 1] == '='; i++)
        {
            end--;
        }

        // Padding fills up to four letters, or it is none.
        return end == text.Length || (text.Length & 3) == 0 ? text[..end] : text;
    }

    private static int Value(byte letter)
    {
        var upper = letter - 'A';
        if ((uint)upper < 26)
        {
            return upper;
        }

        var lower = letter - 'a';
        if ((uint)lower < 26)
        {
            return lower + 26;
        }

        return Ascii.IsDigit(letter) ? letter - '0' + 52
            : letter is (byte)'+' or (byte)'-' ? 62
            : letter is (byte)'/' or (byte)'_' ? 63
            : -1;
    }

    private static byte Letter(int value) =>
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"u8[value];
}
