using System.Collections.Immutable;
using Weft.Bpf.Linking;

namespace Weft.Bpf.Assembly;

/// <summary>
/// Builds a program instruction by instruction, without a compiler. Jumps and calls go to labels, before or behind; maps are
/// named, and found when the program is loaded.
/// </summary>
public sealed class Assembler
{
    private const byte AtomicMode = 0xC0;
    private const byte MemoryMode = 0x60;
    private const byte ByteSwap = 0xD0;

    private readonly List<Instruction> _code = [];
    private readonly Dictionary<string, int> _labels = [];
    private readonly List<(int At, string Label, bool IsCall)> _jumps = [];
    private readonly List<Reference> _references = [];

    /// <summary>Names the place before the next instruction.</summary>
    /// <exception cref="ArgumentException">The name is given already.</exception>
    public Assembler Label(string name)
    {
        _labels.Add(name, _code.Count);
        return this;
    }

    /// <summary>Adds an instruction as it is.</summary>
    public Assembler Emit(Instruction instruction)
    {
        _code.Add(instruction);
        return this;
    }

    /// <summary>Sets a register to a number, with its sign in all 64 bits.</summary>
    public Assembler Move(Register destination, int value) => Apply(Operation.Move, destination, value);

    /// <summary>Sets a register to another.</summary>
    public Assembler Move(Register destination, Register source) => Apply(Operation.Move, destination, source);

    /// <summary>Sets a register to a number of 64 bits.</summary>
    public Assembler MoveWide(Register destination, ulong value) => Wide(destination, 0, (int)value, (int)(value >> 32));

    /// <summary>Sets a register to the address of a map.</summary>
    public Assembler LoadMap(Register destination, string map)
    {
        _references.Add(new(_code.Count, ReferenceKind.Map, map));
        return Wide(destination, 0, 0, 0);
    }

    /// <summary>Sets a register to an address within the only value of a map that is an array.</summary>
    public Assembler LoadMapValue(Register destination, string map, int offset)
    {
        _references.Add(new(_code.Count, ReferenceKind.Data, map, Offset: offset));
        return Wide(destination, 0, 0, 0);
    }

    /// <summary>Sets a register to the address of a function, for helpers that call back.</summary>
    public Assembler LoadFunction(Register destination, string label)
    {
        _jumps.Add((_code.Count, label, true));
        return Wide(destination, Pseudo.Function, 0, 0);
    }

    /// <summary>Does something with a register and a number, in 64 bits or in 32.</summary>
    public Assembler Apply(Operation operation, Register destination, int value, bool is32 = false) =>
        Emit(new((byte)((int)operation | (is32 ? Codes.Arithmetic : Codes.Arithmetic64)), (int)destination, immediate: value));

    /// <summary>Does something with two registers, in 64 bits or in 32.</summary>
    public Assembler Apply(Operation operation, Register destination, Register source, bool is32 = false) =>
        Emit(new((byte)((int)operation | Codes.FromRegister | (is32 ? Codes.Arithmetic : Codes.Arithmetic64)), (int)destination, (int)source));

    /// <summary>Turns the bytes of a register to an order: 16, 32 or 64 bits of it, the others become 0.</summary>
    public Assembler ToOrder(Register destination, bool isBigEndian, int bits) =>
        Emit(new((byte)(ByteSwap | Codes.Arithmetic | (isBigEndian ? Codes.FromRegister : 0)), (int)destination, immediate: bits));

    /// <summary>Loads from memory.</summary>
    public Assembler Load(Register destination, Register address, short offset, Width width) =>
        Emit(new((byte)(Codes.LoadRegister | MemoryMode | (int)width), (int)destination, (int)address, offset));

    /// <summary>Stores a register into memory.</summary>
    public Assembler Store(Register address, short offset, Register source, Width width) =>
        Emit(new((byte)(Codes.StoreRegister | MemoryMode | (int)width), (int)address, (int)source, offset));

    /// <summary>Stores a number into memory.</summary>
    public Assembler Store(Register address, short offset, int value, Width width) =>
        Emit(new((byte)(Codes.Store | MemoryMode | (int)width), (int)address, 0, offset, value));

    /// <summary>Does something in memory at once; the width is a word or a double word.</summary>
    public Assembler Atomic(AtomicOperation operation, Register address, short offset, Register source, Width width) =>
        Emit(new((byte)(Codes.StoreRegister | AtomicMode | (int)width), (int)address, (int)source, offset, (int)operation));

    /// <summary>Goes on at a label.</summary>
    public Assembler Jump(string label) => To(label, new(Codes.Jump));

    /// <summary>Goes on at a label where a register and a number are so.</summary>
    public Assembler JumpIf(Condition condition, Register left, int right, string label, bool is32 = false) =>
        To(label, new((byte)((int)condition | (is32 ? Codes.Jump32 : Codes.JumpClass)), (int)left, immediate: right));

    /// <summary>Goes on at a label where two registers are so.</summary>
    public Assembler JumpIf(Condition condition, Register left, Register right, string label, bool is32 = false) =>
        To(label, new((byte)((int)condition | Codes.FromRegister | (is32 ? Codes.Jump32 : Codes.JumpClass)), (int)left, (int)right));

    /// <summary>Calls a helper of the kernel's by its number, <c>enum bpf_func_id</c>.</summary>
    public Assembler Call(int helper) => Emit(new(Codes.Call, immediate: helper));

    /// <summary>Calls the function at a label.</summary>
    public Assembler Call(string label)
    {
        _jumps.Add((_code.Count, label, true));
        return Emit(new(Codes.Call, source: Pseudo.Call));
    }

    /// <summary>Returns, with R0 as the result.</summary>
    public Assembler Exit() => Emit(new(Codes.Exit));

    /// <summary>The instructions, with all jumps in them.</summary>
    /// <exception cref="InvalidOperationException">A label is missing, or a jump is too far.</exception>
    public ImmutableArray<Instruction> Build()
    {
        var code = _code.ToArray();
        foreach (var (at, label, isCall) in _jumps)
        {
            if (!_labels.TryGetValue(label, out var target))
            {
                throw new InvalidOperationException($"there is no label '{label}'");
            }

            var distance = target - at - 1;
            if (isCall)
            {
                code[at].Immediate = distance;
            }
            else
            {
                code[at].Offset = distance is >= short.MinValue and <= short.MaxValue
                    ? (short)distance
                    : throw new InvalidOperationException($"the jump to '{label}' is too far: {distance} instructions");
            }
        }

        return [.. code];
    }

    /// <summary>The program, to be added to an object.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="section">What it is, as a section's name says, such as <c>raw_tp/sched_switch</c>.</param>
    public ProgramSpec ToProgram(string name, string section) => new(
        new(name, 0, section, 0, true, Build(), [.. _references], [], 0, []), SectionName.Of(section), true);

    private Assembler Wide(Register destination, int source, int low, int high) =>
        Emit(new(Codes.LoadWide, (int)destination, source, immediate: low)).Emit(new(0, immediate: high));

    private Assembler To(string label, Instruction jump)
    {
        _jumps.Add((_code.Count, label, false));
        return Emit(jump);
    }
}
