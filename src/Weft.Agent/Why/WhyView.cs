namespace Weft.Agent.Why;

/// <summary>Why a program is refused; or what it takes, where it is loaded.</summary>
/// <param name="Reason">The verifier's own words; null where it wrote nothing, or the program is loaded.</param>
/// <param name="Class">Which of the known reasons it is; null where it is none.</param>
/// <param name="Instruction">Where the verifier stopped, counted from the program's start; -1 where it does not tell.</param>
/// <param name="Registers">What was known of what the instruction or the reason names.</param>
/// <param name="Instructions">How many were given to the kernel.</param>
/// <param name="Processed">How many the verifier went through, on all ways.</param>
/// <param name="Stack">Bytes of stack; 0 where the kernel does not tell.</param>
internal sealed record WhyView(
    string Name, string Section, string Type, bool Loaded, int Errno, string? Stage, string? Error, string? Reason, string? Class, string? Why,
    string? Fix, string? Example, int Instruction, string? InstructionText, List<WhyLine> Source, List<WhyLine> Path, List<WhyRegister> Registers,
    int Instructions, int Processed, int Stack, List<string> Log);

/// <param name="Here">Whether the instruction belongs to this line.</param>
internal sealed record WhyLine(string File, int Line, string Text, bool Here);

internal sealed record WhyRegister(string Name, string Value, string? Meaning);
