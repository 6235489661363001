namespace Weft.Agent.Commands;

/// <summary>What became of a program.</summary>
/// <param name="Errno">The kernel's error, above zero; 0 where it is loaded, or the object itself is at fault.</param>
/// <param name="Stage">What was asked of the kernel; null where it is loaded.</param>
/// <param name="Log">What the verifier wrote; null where it wrote nothing.</param>
internal sealed record LoadView(
    string Name, string Section, string Type, string? AttachType, bool Loaded, int Errno, string? Stage, string? Log, int Instructions)
{
    /// <summary>Why it was refused, in a line; null where it is loaded.</summary>
    public string? Error { get; init; }
}
