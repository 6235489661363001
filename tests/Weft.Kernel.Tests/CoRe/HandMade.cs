using Weft.Bpf.Assembly;
using Weft.Bpf.Btf;
using Weft.Bpf.CoRe;

namespace Weft.Kernel.Tests.CoRe;

/// <summary>Relocations that no compiler would write.</summary>
internal static class HandMade
{
    public const byte Move = 0xB7;
    public const byte LoadWord = 0x61;

    /// <summary>Relocates an instruction; the object's types are the kernel's.</summary>
    public static Instruction Relocate(BtfSpec types, CoReRelocation relocation, params Instruction[] program) =>
        Relocate(types, types, relocation, program);

    public static Instruction Relocate(BtfSpec local, BtfSpec kernel, CoReRelocation relocation, params Instruction[] program)
    {
        program = program.Length > 0 ? program : [new(Move, immediate: 1)];
        new CoReRelocator(local, [kernel]).Apply(program, relocation, "test");
        return program[relocation.Instruction];
    }
}
