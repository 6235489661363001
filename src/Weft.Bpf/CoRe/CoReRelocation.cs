namespace Weft.Bpf.CoRe;

/// <summary>A record of <c>.BTF.ext</c>: an instruction that depends on how the kernel's types are laid out.</summary>
/// <param name="Instruction">Which one, counted in 8 bytes from the program's start.</param>
/// <param name="Type">The type that the access begins at, in the object's BTF.</param>
/// <param name="Access">Which field or enumerator: numbers parted by colons, <c>0:1:2</c>; <c>0</c> for a type itself.</param>
/// <param name="Kind">What of it the instruction holds.</param>
internal readonly record struct CoReRelocation(int Instruction, uint Type, string Access, CoReKind Kind);
