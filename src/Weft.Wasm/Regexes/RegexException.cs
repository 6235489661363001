namespace Weft.Wasm.Regexes;

/// <summary>A pattern cannot be compiled. It never leaves <see cref="RegexTable.TryCompile"/>.</summary>
internal sealed class RegexException : Exception
{
    private RegexException(string code, int at, string message, string fix)
        : base(message)
    {
        Code = code;
        At = at;
        Fix = fix;
    }

    public string Code { get; }

    /// <summary>The place in the pattern, in characters from 0; -1 where it is the whole.</summary>
    public int At { get; }

    public string Fix { get; }

    public static RegexException Syntax(int at, string message) =>
        new("WEFT6201", at, message, "write it in RE2's syntax");

    public static RegexException Size(string message) =>
        new("WEFT6202", -1, message, "split it, or bound its repetitions closer");
}
