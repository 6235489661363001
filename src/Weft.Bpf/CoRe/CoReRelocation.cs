namespace Weft.Bpf.CoRe;

/// <summary>What an instruction needs to know of the kernel.</summary>
/// <param name="Instruction">The instruction's index.</param>
/// <param name="Type">The type in the object's BTF at which the path begins.</param>
/// <param name="Access">The path, such as <c>0:1:2</c>.</param>
/// <param name="Kind">What it needs to know.</param>
internal readonly record struct CoReRelocation(int Instruction, uint Type, string Access, CoReKind Kind);
