using Weft.Bpf.Assembly;
using Weft.Bpf.Btf;
using Weft.Bpf.CoRe;

namespace Weft.Kernel.Tests.CoRe;

/// <summary>A program after its relocations, looked at where the first of them was.</summary>
internal sealed record Relocated(Instruction[] Before, Instruction[] Program, int At)
{
    public Instruction Instruction => Program[At];

    public bool IsPoison => Instruction == new Instruction(Codes.Call, immediate: 195896080);

    /// <summary>The number of the instruction, or the offset of a load or store.</summary>
    public long Number
    {
        get
        {
            Assert.False(IsPoison, "the instruction is poisoned");
            return (Instruction.Code & Codes.ClassMask) switch
            {
                Codes.Load => (uint)Instruction.Immediate | ((long)Program[At + 1].Immediate << 32),
                Codes.Arithmetic or Codes.Arithmetic64 => Instruction.Immediate,
                _ => Instruction.Offset,
            };
        }
    }

    /// <summary>The bytes that a load or store takes.</summary>
    public int Size => (Instruction.Code & Codes.SizeMask) switch
    {
        Codes.SizeByte => 1,
        Codes.SizeHalf => 2,
        Codes.SizeWord => 4,
        _ => 8,
    };

    /// <summary>Relocates the program "test" of C to the types of other C.</summary>
    public static Relocated Of(string local, string kernel, bool isBigEndian = false) =>
        Of(CoReObject.Compile(local, isBigEndian), "test", CoReObject.Compile(kernel, isBigEndian).Types);

    public static Relocated Of(CoReObject local, string program, BtfSpec kernel) =>
        Of(local, program, new CoReRelocator(local.Types, [kernel]));

    public static Relocated Of(CoReObject local, string program, CoReRelocator relocator)
    {
        var before = local.Program(program);
        var after = local.Program(program);
        foreach (var relocation in local.Relocations(program))
        {
            relocator.Apply(after, relocation, program);
        }

        return new(before, after, local.Relocations(program)[0].Instruction);
    }
}
