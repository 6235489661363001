using Weft.Wasm.Compiling.Bodies;

namespace Weft.Wasm.Compiling;

/// <summary>
/// Something that the compiler refuses. It is thrown where it is found, given its place by the method that is compiled,
/// and shown as a diagnostic: a user never sees the exception.
/// </summary>
internal sealed class NotInSubset(string code, string message, string? fix = null) : Exception(message)
{
    public string Code { get; } = code;

    public string? Fix { get; } = fix;

    public SourceLine? At { get; init; }
}
