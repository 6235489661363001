using System.Text;

namespace Weft.Flow;

/// <summary>How bad a <see cref="Diagnostic"/> is.</summary>
public enum Severity
{
    /// <summary>Worth knowing; nothing is wrong.</summary>
    Info,

    /// <summary>Accepted, but probably not what was meant.</summary>
    Warning,

    /// <summary>Not accepted: the last good version stays in force.</summary>
    Error,
}

/// <summary>A place in a source text. Lines and columns count from 1; 0 means the whole file.</summary>
/// <param name="File">The path as the user gave it.</param>
/// <param name="Line">The line, from 1.</param>
/// <param name="Column">The column in characters, from 1.</param>
public sealed record SourcePosition(string File, int Line = 0, int Column = 0)
{
    /// <inheritdoc/>
    public override string ToString() => Line == 0 ? File : $"{File}:{Line}:{Column}";
}

/// <summary>One finding about what the user wrote. Codes are contract: docs/diagnostics.md lists them.</summary>
/// <param name="Code">Stable code, such as <c>WEFT1001</c>; never reused for another meaning.</param>
/// <param name="Severity">How bad it is.</param>
/// <param name="Where">The place, where there is one.</param>
/// <param name="Message">What is wrong, in one sentence that names the offending thing.</param>
/// <param name="Fix">What to do about it, where that can be said.</param>
public sealed record Diagnostic(string Code, Severity Severity, SourcePosition? Where, string Message, string? Fix = null)
{
    /// <summary>An error.</summary>
    public static Diagnostic Error(string code, SourcePosition? where, string message, string? fix = null) =>
        new(code, Severity.Error, where, message, fix);

    /// <summary>A warning.</summary>
    public static Diagnostic Warning(string code, SourcePosition? where, string message, string? fix = null) =>
        new(code, Severity.Warning, where, message, fix);

    /// <summary>One line in the form compilers use: <c>file:line:column: error CODE: message (fix)</c>.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        if (Where is not null)
        {
            text.Append(Where).Append(": ");
        }

        text.Append(Severity switch { Severity.Error => "error", Severity.Warning => "warning", _ => "info" });
        text.Append(' ').Append(Code).Append(": ").Append(Message);
        return Fix is null ? text.ToString() : text.Append(" (").Append(Fix).Append(')').ToString();
    }
}
