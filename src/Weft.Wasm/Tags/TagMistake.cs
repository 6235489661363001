using Weft.Flow;

namespace Weft.Wasm.Tags;

/// <summary>What is wrong in a configuration of rules.</summary>
/// <param name="Path">Where, such as <c>$.rules[1].conditions[0]</c>; <c>$</c> is all of it.</param>
/// <param name="Code">WEFT6201 and WEFT6202 for regular expressions, WEFT6203 for all else.</param>
/// <param name="Message">What is wrong there.</param>
/// <param name="Fix">What helps.</param>
public sealed record TagMistake(string Path, string Code, string Message, string? Fix)
{
    /// <summary>The same with the name of a file.</summary>
    /// <param name="file">The file; null where the configuration is none.</param>
    public Diagnostic In(string? file) =>
        Diagnostic.Error(Code, file is null ? null : new(file), $"{Path}: {Message}", Fix);
}

/// <summary>Carries a mistake out of the reader. It never leaves <see cref="TagConfiguration"/>.</summary>
internal sealed class TagMistakeException(TagMistake mistake) : Exception(mistake.Message)
{
    public TagMistake Mistake { get; } = mistake;

    public static TagMistakeException At(string path, string message, string? fix = null) =>
        new(new(path, "WEFT6203", message, fix));
}
