using Weft.Bpf.Btf;
using Weft.Bpf.Elf;
using Weft.Bpf.Linking;

namespace Weft.Bpf.Specs.Reading;

/// <summary>Reads what an object takes from the kernel: values of its configuration, addresses, variables, functions.</summary>
internal static class ExternReader
{
    public const string Config = ".kconfig";
    public const string Symbols = ".ksyms";

    private const uint ReadOnlyForPrograms = 1 << 7;
    private const uint Mappable = 1 << 10;
    private const int MaxConfigSize = 1 << 20;

    public static void Read(ElfFile elf, ObjectSpec spec)
    {
        if (spec.Types is not { } types)
        {
            return;
        }

        var weak = elf.Symbols.Where(s => s.Section == 0 && s.Binding == ElfBinding.Weak).Select(s => s.Name).ToHashSet();
        var used = elf.Symbols.Where(s => s.Section == 0 && s.Name.Length > 0).Select(s => s.Name).ToHashSet();
        foreach (var entry in Of(types, Symbols).Where(e => used.Contains(e.Name)))
        {
            spec.Externs[entry.Name] = SymbolOf(types, entry, weak.Contains(entry.Name));
        }

        ReadConfig(spec, types, used, weak);
    }

    private static IEnumerable<BtfType> Of(BtfSpec types, string section) =>
        (types.Find<BtfDataSection>(section, BtfKind.DataSection)?.Variables ?? []).Select(v => types.Get(v.Type));

    private static Extern SymbolOf(BtfSpec types, BtfType entry, bool isWeak) => entry switch
    {
        BtfFunction => new(entry.Name, ExternKind.Function, isWeak, entry.Id),

        // One without a type is an address and no more.
        BtfVariable variable when types.KindOf(types.Skip(variable.Type)) == BtfKind.Void =>
            new(entry.Name, ExternKind.Symbol, isWeak, variable.Type),
        BtfVariable variable => new(entry.Name, ExternKind.Variable, isWeak, variable.Type),
        _ => throw new BpfFormatException($"{Symbols}: {entry.Name} is neither a variable nor a function"),
    };

    // In libbpf's order: by falling alignment, then by rising size, then by name.
    private static void ReadConfig(ObjectSpec spec, BtfSpec types, HashSet<string> used, HashSet<string> weak)
    {
        var values = Of(types, Config).OfType<BtfVariable>().Where(v => used.Contains(v.Name))
            .Select(v => (v.Name, v.Type, Size: checked((int)types.SizeOf(v.Type)), Alignment: Alignment(types, v.Type)))
            .OrderByDescending(v => v.Alignment).ThenBy(v => v.Size).ThenBy(v => v.Name, StringComparer.Ordinal).ToList();
        var end = 0;
        foreach (var value in values)
        {
            if (value.Size == 0 || (types.Get(types.Skip(value.Type)) is BtfInt && value.Size > 8))
            {
                throw new BpfFormatException($"{Config}: {value.Name} has {value.Size} bytes");
            }

            end = checked((end + value.Alignment - 1) / value.Alignment * value.Alignment);
            spec.Externs[value.Name] = new(value.Name, ExternKind.Config, weak.Contains(value.Name), value.Type, value.Size, end);
            end = checked(end + value.Size);
        }

        if (end > MaxConfigSize)
        {
            throw new BpfFormatException($"{Config}: {end} bytes are too many");
        }

        if (end > 0)
        {
            AddMap(spec, types, end);
        }
    }

    private static void AddMap(ObjectSpec spec, BtfSpec types, int size)
    {
        var map = new MapSpec
        {
            Name = Config,
            Type = MapType.Array,
            KeySize = 4,
            ValueSize = (uint)size,
            MaxEntries = 1,
            Flags = ReadOnlyForPrograms | Mappable,
            Freeze = true,
            Types = types,
            ValueType = types.Find<BtfDataSection>(Config, BtfKind.DataSection)!.Id,
        };
        map.Contents.Add(new(new byte[4], new byte[size]));
        spec.Maps[Config] = map;
        spec.SectionSizes[Config] = (uint)size;
    }

    private static int Alignment(BtfSpec types, uint type)
    {
        for (var depth = 0; depth < 32; depth++)
        {
            type = types.Skip(type);
            switch (types.Get(type))
            {
                case BtfInt { Size: var size }: return Bounded(size);
                case BtfEnum { Size: var size }: return Bounded(size);
                case BtfReference { Kind: BtfKind.Pointer }: return 8;
                case BtfArray array:
                    type = array.Element;
                    break;
                default: throw new BpfFormatException($"{Config}: type {type} is of no kind that a configuration has");
            }
        }

        throw new BpfFormatException($"{Config}: array {type} has no end");
    }

    private static int Bounded(uint size) => (int)Math.Clamp(size, 1, 8);
}
