using Weft.Bpf.Btf;
using Weft.Bpf.Elf;

namespace Weft.Bpf.Specs.Reading;

/// <summary>Reads sections of data: each is a map of one element, which programs and user space share.</summary>
internal static class DataReader
{
    private const uint ReadOnlyForPrograms = 1 << 7;
    private const uint Mappable = 1 << 10;
    private const ulong MaxSize = 64 << 20;

    public static void Read(ElfFile elf, ObjectSpec spec)
    {
        var left = MaxSize;
        foreach (var section in elf.Sections.Where(s => s.Size > 0 && IsData(s)))
        {
            left = section.Size <= left
                ? left - section.Size
                : throw new BpfFormatException($"{section.Name}: {section.Size} bytes are too many; all data may have {MaxSize}");

            Add(elf, spec, section);
        }
    }

    public static bool IsData(ElfSection section) =>
        section.Type is ElfSectionType.Content or ElfSectionType.NoContent && !section.IsCode
        && (Is(section.Name, ".data") || Is(section.Name, ".rodata") || Is(section.Name, ".bss"));

    private static bool Is(string name, string kind) =>
        name == kind || (name.StartsWith(kind, StringComparison.Ordinal) && name[kind.Length] == '.');

    private static void Add(ElfFile elf, ObjectSpec spec, ElfSection section)
    {
        var types = spec.Types;
        var list = types?.Find<BtfDataSection>(section.Name, BtfKind.DataSection);
        var bytes = new byte[section.Size];
        section.Data.Span.CopyTo(bytes);

        // By its name: whether the section may be written to is not told rightly by its flags.
        var isConstant = Is(section.Name, ".rodata");
        var isShared = list?.Variables.Any(v => types!.Get(v.Type) is BtfVariable { Linkage: not BtfLinkage.Static }) ?? false;
        var map = new MapSpec
        {
            Name = section.Name,
            Type = MapType.Array,
            KeySize = 4,
            ValueSize = (uint)section.Size,
            MaxEntries = 1,
            Flags = (isConstant ? ReadOnlyForPrograms : 0) | (isShared ? Mappable : 0),
            Freeze = isConstant,
            Types = types,
            ValueType = list?.Id ?? 0,
        };
        map.Contents.Add(new(new byte[4], bytes));
        if (!spec.Maps.TryAdd(map.Name, map))
        {
            throw new BpfFormatException($"there are two sections {map.Name}");
        }

        AddVariables(elf, spec, section, map, list);
    }

    /// <summary>Adds the variables of a section, whose bytes are the only content of a map.</summary>
    public static void AddVariables(ElfFile elf, ObjectSpec spec, ElfSection section, MapSpec map, BtfDataSection? list)
    {
        var declared = (list?.Variables ?? []).Select(v => spec.Types!.Get(v.Type)).OfType<BtfVariable>()
            .DistinctBy(v => v.Name).ToDictionary(v => v.Name);
        foreach (var symbol in elf.SymbolsOf(section.Index).Where(s => s.Type == ElfSymbolType.Data && s.Name.Length > 0))
        {
            if (symbol.Value > section.Size || symbol.Size > section.Size - symbol.Value)
            {
                throw new BpfFormatException($"{symbol.Name} lies outside of {section.Name}");
            }

            var type = declared.GetValueOrDefault(symbol.Name);
            spec.Variables.TryAdd(symbol.Name, new(symbol.Name, map, (int)symbol.Value, (int)symbol.Size, type?.Type ?? 0));
        }
    }
}
