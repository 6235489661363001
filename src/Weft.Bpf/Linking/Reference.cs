namespace Weft.Bpf.Linking;

/// <summary>What an instruction of an object refers to.</summary>
/// <param name="Instruction">Its index in the function.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Name">The map, the section of data, or what is defined elsewhere.</param>
/// <param name="Section">The section of a function.</param>
/// <param name="Offset">In data: bytes. Of a function: its first instruction in its section.</param>
internal readonly record struct Reference(int Instruction, ReferenceKind Kind, string Name, int Section = 0, long Offset = 0);

internal enum ReferenceKind
{
    Map,
    Data,
    Call,
    Function,
    Extern,
    ExternCall,
}
