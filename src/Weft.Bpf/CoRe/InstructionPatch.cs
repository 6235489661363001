using Weft.Bpf.Assembly;

namespace Weft.Bpf.CoRe;

/// <summary>Writes a resolution into its instruction.</summary>
internal static class InstructionPatch
{
    /// <summary>A helper that no kernel has; the verifier names it, where the call can be reached: 0xbad2310, "bad relo".</summary>
    public const int Poison = 195896080;

    /// <exception cref="BpfFormatException">The instruction is not what the relocation takes it for.</exception>
    public static void Apply(Span<Instruction> program, int at, in Resolution resolution)
    {
        if ((uint)at >= (uint)program.Length)
        {
            throw new BpfFormatException($"the program has {program.Length} instructions");
        }

        var code = program[at];
        if (code.IsWideLoad && at + 1 == program.Length)
        {
            throw new BpfFormatException("its second half is missing");
        }

        if (resolution.IsPoison)
        {
            PoisonAt(program, at);
            return;
        }

        switch (code.Code & Codes.ClassMask)
        {
            case Codes.Arithmetic or Codes.Arithmetic64 when (code.Code & Codes.FromRegister) == 0:
                SetNumber(ref program[at], resolution);
                break;
            case Codes.LoadRegister or Codes.Store or Codes.StoreRegister:
                SetOffset(program, at, resolution);
                break;
            case Codes.Load when IsPlain(program, at):
                SetWideNumber(program.Slice(at, 2), resolution);
                break;
            default:
                throw new BpfFormatException($"the instruction {code} is none that can be relocated");
        }
    }

    private static bool IsPlain(ReadOnlySpan<Instruction> program, int at) =>
        program[at] is { IsWideLoad: true, Source: 0, Offset: 0 } && program[at + 1] is { Code: 0, Registers: 0, Offset: 0 };

    private static void SetNumber(ref Instruction instruction, in Resolution resolution)
    {
        Expect(instruction.Immediate, resolution);
        instruction.Immediate = resolution.New.Number is var number && ((long)number == (int)number || number <= uint.MaxValue)
            ? (int)number
            : throw new BpfFormatException($"{number} does not fit its 32 bits");
    }

    private static void SetWideNumber(Span<Instruction> halves, in Resolution resolution)
    {
        Expect((uint)halves[0].Immediate | ((long)halves[1].Immediate << 32), resolution);
        (halves[0].Immediate, halves[1].Immediate) = ((int)resolution.New.Number, (int)(resolution.New.Number >> 32));
    }

    private static void SetOffset(Span<Instruction> program, int at, in Resolution resolution)
    {
        ref var instruction = ref program[at];
        Expect(instruction.Offset, resolution);
        if (resolution.New.Number > (ulong)short.MaxValue)
        {
            throw new BpfFormatException($"offset {resolution.New.Number} does not fit a load or store, which take at most {short.MaxValue}");
        }

        if (!resolution.AgreesOnSize)
        {
            throw new BpfFormatException("the kernel has several types of this name, in which the field has different sizes");
        }

        if (!resolution.CanResize)
        {
            PoisonAt(program, at);
            return;
        }

        instruction.Offset = (short)resolution.New.Number;
        if (resolution.Old.Size != resolution.New.Size)
        {
            Resize(ref instruction, resolution.Old.Size, resolution.New.Size);
        }
    }

    private static void Resize(ref Instruction instruction, long old, long found)
    {
        if (SizeCode(old) != (instruction.Code & Codes.SizeMask))
        {
            throw new BpfFormatException($"the instruction {instruction} does not load or store the {old} bytes that the field has");
        }

        var code = SizeCode(found) ?? throw new BpfFormatException($"the kernel's field has {found} bytes, which no load or store takes");
        instruction.Code = (byte)((instruction.Code & ~Codes.SizeMask) | code);
    }

    private static int? SizeCode(long bytes) => bytes switch
    {
        1 => Codes.SizeByte,
        2 => Codes.SizeHalf,
        4 => Codes.SizeWord,
        8 => Codes.SizeDouble,
        _ => null,
    };

    // Signs of 32 bits are where compilers differ: 0xffffffff of an enumeration may stand as such, or as -1.
    private static void Expect(long present, in Resolution resolution)
    {
        var old = (long)resolution.Old.Number;
        if (resolution.Old.IsCertain && present != old && (present >> 31 is not (1 or -1) || (int)present != old && (uint)present != old))
        {
            throw new BpfFormatException($"the instruction has {present} where {old} is expected, and would get {(long)resolution.New.Number}");
        }
    }

    private static void PoisonAt(Span<Instruction> program, int at)
    {
        var isWide = program[at].IsWideLoad;
        program[at] = new(Codes.Call, immediate: Poison);
        if (isWide)
        {
            program[at + 1] = program[at];
        }
    }
}
