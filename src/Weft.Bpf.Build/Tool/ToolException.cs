namespace Weft.Bpf.Build.Tool;

/// <summary>Why an object was not built: an error of the build.</summary>
/// <param name="place">The file that it is about.</param>
/// <param name="code">Its code, which the package's README lists.</param>
internal sealed class ToolException(string place, string code, string message, Exception? inner = null) : Exception(message, inner)
{
    public string Place => place;

    public string Code => code;

    /// <summary>On one line, and without characters that a terminal obeys: names come from files.</summary>
    public static string Line(string text) => new([.. text.Select(c => char.IsControl(c) ? ' ' : c)]);
}
