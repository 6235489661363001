using Weft.Wasm.Sdk;

namespace TrafficTag;

/// <content>The pieces that a configuration is made of, and what is wrong with them.</content>
internal ref partial struct TagRulesReader
{
    /// <summary>Says what is wrong, and where.</summary>
    public readonly void Describe(ref Utf8Writer text)
    {
        if (_list.Length > 0)
        {
            WriteIndex(ref text, _list, _item);
        }

        if (_condition >= 0)
        {
            WriteIndex(ref text, ".conditions"u8, _condition);
        }

        text.Append(_list.Length > 0 ? ": "u8 : default);
        if (_json.Token == JsonToken.Error || _problem.IsEmpty)
        {
            text.Append("no JSON at byte "u8);
            text.Append(_json.Position);
            return;
        }

        text.Append(_problem);
        text.Append(_detail);
    }

    private static void WriteIndex(ref Utf8Writer text, ReadOnlySpan<byte> list, int index)
    {
        text.Append(list);
        text.Append((byte)'[');
        text.Append(index);
        text.Append((byte)']');
    }

    private bool Fail(ReadOnlySpan<byte> problem)
    {
        _problem = problem;
        return false;
    }

    private bool IsAt(JsonToken token) =>
        _json.Token == token
        || Fail(token == JsonToken.ObjectStart ? "an object must stand here"u8 : "a list must stand here"u8);

    // The next item of a list.
    private bool Next() => _json.Read() && _json.Token != JsonToken.ArrayEnd;

    private bool EndList(bool read)
    {
        if (!read || _json.Token != JsonToken.ArrayEnd)
        {
            return false;
        }

        _list = default;
        return true;
    }

    // How many items the list has that has begun; looked at by a copy of the cursor.
    private readonly int Count()
    {
        var json = _json;
        var count = 0;
        while (json.Token != JsonToken.ArrayEnd && json.Read() && json.Token != JsonToken.ArrayEnd)
        {
            count++;
            json.Skip();
        }

        return count;
    }

    // Goes to the next member's value. False at the object's end and after a mistake: the token tells them apart.
    private bool NextMember(ReadOnlySpan<byte> words, out int member)
    {
        member = -1;
        return _json.Read() && _json.Token == JsonToken.Name && TryFind(words, out member) && _json.Read();
    }

    // Which of some words stands here. Higress takes them in upper case as well.
    private bool TryFind(ReadOnlySpan<byte> words, out int index)
    {
        var value = _json.Value;
        for (index = 0; !words.IsEmpty; index++)
        {
            var end = words.IndexOf((byte)' ');
            var word = end < 0 ? words : words[..end];
            if (Ascii.EqualsIgnoreCase(word, value))
            {
                return true;
            }

            words = words[(end < 0 ? words.Length : end + 1)..];
        }

        index = -1;
        _detail = value;
        return Fail("not known: "u8);
    }

    private bool ReadText(ref byte[] bytes)
    {
        if (_json.Token is not (JsonToken.Text or JsonToken.Number))
        {
            return Fail("a text must stand here"u8);
        }

        bytes = new byte[_json.Value.Length];
        if (!_json.TryUnescape(bytes, out var size))
        {
            return Fail("a text has half of a character"u8);
        }

        if (size < bytes.Length)
        {
            var whole = bytes;
            bytes = new byte[size];
            new ReadOnlySpan<byte>(whole)[..size].CopyTo(bytes);
        }

        return true;
    }

    private bool ReadHeader(ref byte[] name)
    {
        var read = ReadText(ref name);
        Headers.ToLower(name);
        return read;
    }
}
