using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Weft.Bpf.Assembly;
using Weft.Bpf.Btf;
using Weft.Bpf.CoRe;
using Weft.Bpf.Elf;
using Weft.Bpf.Linking;

namespace Weft.Bpf.Specs.Reading;

/// <summary>Reads code: each function with what its instructions refer to; and which functions are programs.</summary>
internal sealed class CodeReader(ElfFile elf, ObjectSpec spec, MapReader maps, BtfExtensions extensions)
{
    private const string Text = ".text";
    private const uint RelocateWide = 1;
    private const uint RelocateCall = 10;
    private const int InstructionSize = 8;
    private const int MaxAccess = 1024;
    private const int MaxFunctions = 100_000;
    private const long MaxCopied = 512 << 20;

    private readonly MapSpec? _arena = ArenaReader.Arena(spec);
    private long _copied;

    public void Read()
    {
        var relocations = elf.Sections.Where(s => s.Type == ElfSectionType.Relocations).ToLookup(s => s.Info);
        foreach (var section in elf.Sections.Where(s => s.IsCode && s.Data.Length > 0))
        {
            var references = relocations[section.Index].SelectMany(list => elf.Relocations(list)).ToList();
            ReadSection(section, references);
        }

        AddPrograms();
    }

    private void ReadSection(ElfSection section, List<ElfRelocation> relocations)
    {
        var code = Decode(section);
        var references = relocations.Select(r => Refer(section, code, r)).OrderBy(r => r.Instruction).ToImmutableArray();
        var fields = extensions.Fields.GetValueOrDefault(section.Name, []).Sort((a, b) => a.Instruction.CompareTo(b.Instruction));
        var types = extensions.Functions.GetValueOrDefault(section.Name, []).DistinctBy(f => f.Instruction).ToDictionary(f => f.Instruction, f => f.Type);
        var lines = extensions.Lines.GetValueOrDefault(section.Name, []).Sort((a, b) => a.Instruction.CompareTo(b.Instruction));
        foreach (var symbol in elf.SymbolsOf(section.Index).Where(s => s.Type == ElfSymbolType.Function && s.Size > 0))
        {
            _copied += (long)symbol.Size;
            if (_copied > MaxCopied)
            {
                throw new BpfFormatException($"the functions of {section.Name} lie over each other, or are too large");
            }

            if (symbol.Value % InstructionSize != 0 || symbol.Size % InstructionSize != 0
                || symbol.Value > (ulong)section.Data.Length || symbol.Size > (ulong)section.Data.Length - symbol.Value)
            {
                throw new BpfFormatException($"function {symbol.Name} lies outside of {section.Name}");
            }

            var (start, count) = ((int)symbol.Value / InstructionSize, (int)symbol.Size / InstructionSize);
            var function = new CodeFunction(
                symbol.Name, section.Index, section.Name, start, symbol.Binding != ElfBinding.Local, code.Slice(start, count),
                [.. Within(references, r => r.Instruction, start, count).Select(r => r with { Instruction = r.Instruction - start })],
                [.. Within(fields, f => f.Instruction, start, count).Select(f => Field(f, start))],
                types.GetValueOrDefault(start),
                [.. Within(lines, l => l.Instruction, start, count).Select(l => l with { Instruction = l.Instruction - start })]);
            if (count > 0 && function.Code[^1].IsWideLoad && (count == 1 || !function.Code[^2].IsWideLoad))
            {
                throw new BpfFormatException($"function {symbol.Name} ends within an instruction");
            }

            if (spec.Functions.Count >= MaxFunctions || !spec.Functions.TryAdd((section.Index, start), function))
            {
                throw new BpfFormatException($"two functions begin at {start} in {section.Name}, or there are too many");
            }
        }
    }

    // The kernel has 64 numbers at most in one.
    private static string Access(ReadOnlySpan<byte> text) => text.Length <= MaxAccess
        ? System.Text.Encoding.UTF8.GetString(text)
        : throw new BpfFormatException($".BTF.ext: the path to a field has {text.Length} letters");

    // Those of a function, out of those of its section in order.
    private static IEnumerable<T> Within<T>(ImmutableArray<T> all, Func<T, int> place, int start, int count)
    {
        var (low, high) = (0, all.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = place(all[middle]) < start ? (middle + 1, high) : (low, middle);
        }

        for (; low < all.Length && place(all[low]) < start + count; low++)
        {
            yield return all[low];
        }
    }

    private CoReRelocation Field(FieldInfo field, int start) =>
        new(field.Instruction - start, field.Type, Access(spec.Types!.StringAt(field.AccessAt)), (CoReKind)field.Kind);

    // Functions in .text are called by others, unless it is all that there is.
    private void AddPrograms()
    {
        var isLone = spec.Functions.Count == 1;
        foreach (var function in spec.Functions.Values.Where(f => f.SectionName != Text || isLone).OrderBy(f => f.Section).ThenBy(f => f.Start))
        {
            if (!function.IsGlobal)
            {
                // cilium/ebpf lets programs call static functions of their own section.
                continue;
            }

            var name = function.SectionName;
            var isOptional = name.StartsWith('?');
            if (!spec.Programs.TryAdd(function.Name, new(function, SectionName.Of(isOptional ? name[1..] : name), !isOptional)))
            {
                throw new BpfFormatException($"there are two programs {function.Name}");
            }
        }
    }

    private ImmutableArray<Instruction> Decode(ElfSection section)
    {
        if (section.Data.Length % InstructionSize != 0)
        {
            throw new BpfFormatException($"{section.Name}: {section.Data.Length} bytes are no whole number of instructions");
        }

        var reader = new BoundedReader(section.Data.Span, elf.IsBigEndian, section.Name);
        var code = new Instruction[section.Data.Length / InstructionSize];
        for (var i = 0; i < code.Length; i++)
        {
            var at = i * InstructionSize;
            var registers = reader.Byte(at + 1);
            code[i] = new Instruction
            {
                Code = reader.Byte(at),
                Registers = elf.IsBigEndian ? (byte)((registers << 4) | (registers >> 4)) : registers,
                Offset = (short)reader.UInt16(at + 2),
                Immediate = reader.Int32(at + 4),
            };
        }

        return ImmutableCollectionsMarshal.AsImmutableArray(code);
    }

    private Reference Refer(ElfSection section, ImmutableArray<Instruction> code, ElfRelocation relocation)
    {
        var at = relocation.Offset / InstructionSize;
        if (relocation.Offset % InstructionSize != 0 || at >= (ulong)code.Length || relocation.Type is not (RelocateWide or RelocateCall))
        {
            throw new BpfFormatException($"{section.Name}: a relocation of type {relocation.Type} at {relocation.Offset} is not known");
        }

        var instruction = code[(int)at];
        var symbol = elf.Symbols[relocation.Symbol];
        if (instruction.IsCall)
        {
            return symbol.Section == 0
                ? new((int)at, ReferenceKind.ExternCall, symbol.Name)
                : Call((int)at, instruction, symbol);
        }

        if (!instruction.IsWideLoad || at + 1 >= (ulong)code.Length)
        {
            throw new BpfFormatException($"{section.Name}: instruction {at} cannot refer to {symbol.Name}");
        }

        return symbol.Section == 0 ? new((int)at, ReferenceKind.Extern, symbol.Name) : Load(section, (int)at, instruction, symbol);
    }

    // That of a static function names its section, and the number says where in it.
    private Reference Call(int at, Instruction instruction, ElfSymbol symbol) =>
        new(at, ReferenceKind.Call, symbol.Name, CodeSection(symbol).Index, checked((long)(symbol.Value / InstructionSize) + instruction.Immediate + 1));

    private Reference Load(ElfSection section, int at, Instruction instruction, ElfSymbol symbol)
    {
        var target = SectionOf(symbol);
        var place = checked((long)symbol.Value + instruction.Immediate);
        if (target.IsCode)
        {
            return new(at, ReferenceKind.Function, symbol.Name, target.Index, place / InstructionSize);
        }

        if (maps.At(target.Index, (ulong)place) is { } map)
        {
            return new(at, ReferenceKind.Map, map);
        }

        var data = DataReader.IsData(target) ? target.Name : target.Name == ArenaReader.SectionName ? _arena?.Name : null;
        return data is not null && place >= 0 && (ulong)place <= target.Size
            ? new(at, ReferenceKind.Data, data, Offset: place)
            : throw new BpfFormatException($"{section.Name}: instruction {at} refers to {symbol.Name} in {target.Name}, where neither a map nor data is");
    }

    private ElfSection CodeSection(ElfSymbol symbol) => SectionOf(symbol) is { IsCode: true } section
        ? section
        : throw new BpfFormatException($"{symbol.Name} is called, and is no function");

    private ElfSection SectionOf(ElfSymbol symbol) => symbol.Section < elf.Sections.Length
        ? elf.Sections[symbol.Section]
        : throw new BpfFormatException($"symbol {symbol.Name} has no section");
}
