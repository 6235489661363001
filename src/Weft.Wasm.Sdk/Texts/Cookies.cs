namespace Weft.Wasm.Sdk;

/// <summary>
/// The cookies of a request: <c>new Cookies(Request.Headers.Get("cookie"u8))</c>. Names and values are given as the
/// client wrote them, a value's quotes included; only spaces around them are left out.
/// </summary>
public ref struct Cookies
{
    private ReadOnlySpan<byte> _rest;
    private ReadOnlySpan<byte> _current;

    /// <summary>The cookies of a header.</summary>
    /// <param name="header">The value of the header <c>cookie</c>.</param>
    public Cookies(ReadOnlySpan<byte> header)
    {
        _rest = header;
    }

    /// <summary>The cookie that was reached. One without <c>=</c> has no value.</summary>
    public readonly NameValue Current => NameValue.Split(_current, (byte)'=');

    /// <summary>Goes to the next cookie.</summary>
    /// <returns>Whether there is one.</returns>
    public bool MoveNext()
    {
        while (!_rest.IsEmpty)
        {
            var cookie = NameValue.Split(_rest, (byte)';');
            _rest = cookie.Value;
            _current = Ascii.Trim(cookie.Name);
            if (!_current.IsEmpty)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The cookies from here on.</summary>
    public readonly Cookies GetEnumerator() => this;

    /// <summary>Finds the first cookie with a name.</summary>
    /// <param name="name">The name; upper and lower case are different.</param>
    /// <param name="value">Its value; empty where there is none.</param>
    /// <returns>Whether there is one.</returns>
    public readonly bool TryGet(scoped Text name, out ReadOnlySpan<byte> value)
    {
        foreach (var cookie in this)
        {
            if (cookie.Name.SequenceEqual(name.Bytes))
            {
                value = cookie.Value;
                return true;
            }
        }

        value = default;
        return false;
    }
}
