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

    // Begins a list: how many items it has, looked at by a copy of the cursor. None where it is no list.
    private int Begin()
    {
        var count = 0;
        if (IsAt(JsonToken.ArrayStart))
        {
            var json = _json;
            while (json.Read() && json.Token != JsonToken.ArrayEnd)
            {
                count++;
                json.Skip();
            }
        }

        return count;
    }

    // The next item of a list.
    private bool Next() => _problem.IsEmpty && _json.Read() && _json.Token != JsonToken.ArrayEnd;

    // After the last item: a list ends there, or something is wrong.
    private readonly bool IsAtListEnd => _problem.IsEmpty && _json.Token == JsonToken.ArrayEnd;

    private bool EndList()
    {
        var ended = IsAtListEnd;
        if (ended || _item < 0)
        {
            _list = default;
        }

        return ended;
    }

    // After the last member: an object ends there, or something is wrong.
    private readonly bool IsAtEnd => _json.Token == JsonToken.ObjectEnd;

    // Goes to the next member's value. False at the object's end and after a mistake: IsAtEnd tells them apart.
    private bool NextMember(ReadOnlySpan<byte> words, out int member)
    {
        member = -1;
        return _json.Read() && _json.Token == JsonToken.Name && TryFind(words, out member) && _json.Read();
    }

    // Which of some words stands here. Higress takes them in upper case as well.
    private bool TryFind(ReadOnlySpan<byte> words, out int index)
    {
        var value = _json.Value;
        var start = 0;
        for (index = 0; start < words.Length; index++)
        {
            var end = start;
            while (end < words.Length && words[end] != ' ')
            {
                end++;
            }

            if (Ascii.EqualsIgnoreCase(words[start..end], value))
            {
                return true;
            }

            start = end + 1;
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

        var whole = new byte[_json.Value.Length];
        if (!_json.TryUnescape(whole, out var size))
        {
            return Fail("a text has half of a character"u8);
        }

        bytes = new ReadOnlySpan<byte>(whole)[..size].ToArray();
        return true;
    }

    // The header of one tag, or of the default.
    private bool ReadHeader(ref byte[] name, ref TagRules rules)
    {
        if (!ReadText(ref name))
        {
            return false;
        }

        ToLower(name);
        if (_header.Length == 0)
        {
            _header = name;
        }
        else if (!new ReadOnlySpan<byte>(name).SequenceEqual(_header))
        {
            rules.HasOtherHeaders = true;
        }

        return true;
    }

    // Names of headers are in lower case in a proxy.
    private static void ToLower(byte[] name)
    {
        for (var i = 0; i < name.Length; i++)
        {
            name[i] = Ascii.ToLower(name[i]);
        }
    }
}
