namespace Weft.Wasm.Sdk;

/// <summary>
/// Reads JSON (RFC 8259) piece by piece, without a copy: <c>while (json.Read()) { … json.Token … }</c>. A mistake in
/// the text is a state, <see cref="JsonToken.Error"/>, after which nothing more is read. Arrays and objects go <see
/// cref="MaxDepth"/> deep at most.
/// </summary>
public ref struct JsonCursor
{
    /// <summary>How deep arrays and objects may be nested.</summary>
    public const int MaxDepth = 64;

    private readonly ReadOnlySpan<byte> _json;

    // A bit for each level, the innermost lowest: whether it is an object.
    private ulong _objects;
    private int _at;
    private int _start;
    private int _size;

    /// <summary>Begins before the first piece.</summary>
    /// <param name="json">The text, UTF-8 without a byte order mark.</param>
    public JsonCursor(ReadOnlySpan<byte> json)
    {
        _json = json;
    }

    /// <summary>What was reached.</summary>
    public JsonToken Token { get; private set; }

    /// <summary>How many arrays and objects are open.</summary>
    public int Depth { get; private set; }

    /// <summary>
    /// Whether the name or string that was reached has escapes in it: <see cref="TryUnescape"/> resolves them.
    /// </summary>
    public bool HasEscapes { get; private set; }

    /// <summary>The place behind what was reached, or that of the mistake, in bytes from 0.</summary>
    public readonly int Position => _at;

    /// <summary>
    /// The text of a name or string between its quotes, with its escapes as they were written; or that of a number. It
    /// lives as long as the text that is read.
    /// </summary>
    public readonly ReadOnlySpan<byte> Value => _json.Slice(_start, _size);

    private readonly bool InObject => (_objects & 1) != 0;

    /// <summary>Goes to the next piece.</summary>
    /// <returns>Whether there is one: false at the end and after a mistake.</returns>
    public bool Read()
    {
        var first = Token is JsonToken.ObjectStart or JsonToken.ArrayStart;
        var named = Token == JsonToken.Name;
        if (Token is JsonToken.Error or JsonToken.End)
        {
            return false;
        }

        _size = 0;
        HasEscapes = false;
        var letter = Peek();
        if (Depth == 0)
        {
            return Token == JsonToken.None ? ReadValue(letter) : Finish(letter);
        }

        if (!named && letter == (InObject ? '}' : ']'))
        {
            return Close();
        }

        if (!named && !first)
        {
            if (letter != ',')
            {
                return Fail();
            }

            _at++;
            letter = Peek();
        }

        return InObject && !named ? ReadName(letter) : ReadValue(letter);
    }

    /// <summary>
    /// Goes to the end of the value that was reached: of an array or object that has begun, to its end; of a name, to
    /// the end of its value.
    /// </summary>
    /// <returns>False after a mistake.</returns>
    public bool Skip()
    {
        if (Token == JsonToken.Name)
        {
            Read();
        }

        if (Token is JsonToken.ObjectStart or JsonToken.ArrayStart)
        {
            var outside = Depth - 1;
            while (Depth > outside && Read())
            {
            }
        }

        return Token != JsonToken.Error;
    }

    /// <summary>Whether the name or string that was reached, its escapes resolved, is this text.</summary>
    public readonly bool ValueIs(scoped Text text) =>
        HasEscapes ? JsonEscapes.Equal(Value, text.Bytes) : Value.SequenceEqual(text.Bytes);

    /// <summary>Resolves the escapes of the name or string that was reached.</summary>
    /// <param name="buffer">Takes the text, which is never longer than <see cref="Value"/>.</param>
    /// <param name="written">How many bytes were written.</param>
    /// <returns>False where there was no room, or where <c>\u</c> names half of a character.</returns>
    public readonly bool TryUnescape(scoped Span<byte> buffer, out int written) =>
        JsonEscapes.TryUnescape(Value, buffer, out written);

    /// <summary>
    /// Reads the number that was reached, where it is a whole one of 64 bits and written without exponent.
    /// </summary>
    /// <param name="value">The number.</param>
    /// <returns>Whether it is one.</returns>
    public readonly bool TryGetInt64(out long value)
    {
        value = 0;
        return Token == JsonToken.Number && Ascii.TryParseInt64(Value, out value);
    }

    private bool ReadValue(int letter)
    {
        switch (letter)
        {
            case '{':
                return Open(JsonToken.ObjectStart, 1);
            case '[':
                return Open(JsonToken.ArrayStart, 0);
            case '"':
                return ReadString(JsonToken.Text);
            case 't':
                return ReadWord("true"u8, JsonToken.True);
            case 'f':
                return ReadWord("false"u8, JsonToken.False);
            case 'n':
                return ReadWord("null"u8, JsonToken.Null);
            default:
                return ReadNumber();
        }
    }

    private bool ReadName(int letter)
    {
        if (letter != '"' || !ReadString(JsonToken.Name))
        {
            return Fail();
        }

        if (Peek() != ':')
        {
            return Fail();
        }

        _at++;
        return true;
    }

    private bool ReadString(JsonToken token)
    {
        _start = ++_at;
        for (; _at < _json.Length; _at++)
        {
            var letter = _json[_at];
            if (letter == '"')
            {
                _size = _at++ - _start;
                Token = token;
                return true;
            }

            if (letter < ' ')
            {
                break;
            }

            if (letter == '\\')
            {
                HasEscapes = true;
                var length = JsonEscapes.Length(_json[_at..]);
                if (length == 0)
                {
                    break;
                }

                _at += length - 1;
            }
        }

        return Fail();
    }

    private bool ReadNumber()
    {
        _start = _at;
        _at += JsonNumber.Length(_json[_at..]);
        _size = _at - _start;
        Token = JsonToken.Number;
        return _size > 0 || Fail();
    }

    private bool ReadWord(ReadOnlySpan<byte> word, JsonToken token)
    {
        if (!_json[_at..].StartsWith(word))
        {
            return Fail();
        }

        _at += word.Length;
        Token = token;
        return true;
    }

    private bool Open(JsonToken token, uint isObject)
    {
        if (Depth == MaxDepth)
        {
            return Fail();
        }

        _at++;
        Depth++;
        _objects = (_objects << 1) | isObject;
        Token = token;
        return true;
    }

    private bool Close()
    {
        _at++;
        Token = InObject ? JsonToken.ObjectEnd : JsonToken.ArrayEnd;
        Depth--;
        _objects >>= 1;
        return true;
    }

    private bool Finish(int letter)
    {
        Token = letter < 0 ? JsonToken.End : JsonToken.Error;
        return false;
    }

    private bool Fail()
    {
        Token = JsonToken.Error;
        _size = 0;
        return false;
    }

    // The next letter that is no space, or -1 where there is none.
    private int Peek()
    {
        while (_at < _json.Length && Ascii.IsSpace(_json[_at]))
        {
            _at++;
        }

        return _at < _json.Length ? _json[_at] : -1;
    }
}
