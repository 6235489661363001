using System.Buffers.Binary;
using Weft.Bpf.Btf;
using Weft.Bpf.Elf;

namespace Weft.Bpf.Specs.Reading;

/// <summary>
/// Reads maps that are declared by types, in the section <c>.maps</c>: each is a variable of a structure whose members say in
/// their types what the map is.
/// </summary>
internal sealed class MapReader(ElfFile elf, ObjectSpec spec)
{
    private const string SectionName = ".maps";
    private const uint PinByName = 1;
    private const int MaxMembers = 64;

    // Where maps stand: section and place.
    private readonly Dictionary<(int Section, ulong Offset), string> _places = [];
    private readonly List<(string Map, int Section, ulong Start, uint At)> _slots = [];

    public void Place(int section, ulong offset, string name) => _places[(section, offset)] = name;

    /// <summary>The map that stands at a place of a section; null where none does.</summary>
    public string? At(int section, ulong offset) => _places.GetValueOrDefault((section, offset));

    /// <summary>What a variable of this name and type declares.</summary>
    public static MapSpec Definition(BtfSpec types, string name, uint type) => ReadDefinition(types, name, type, isInner: false).Map;

    public void Read()
    {
        if (spec.Types is not { } types || elf.Find(SectionName) is not { } section
            || types.Find<BtfDataSection>(SectionName, BtfKind.DataSection) is not { } list)
        {
            return;
        }

        var symbols = elf.SymbolsOf(section.Index).Where(s => s.Name.Length > 0).ToLookup(s => s.Name);
        foreach (var entry in list.Variables)
        {
            var variable = types.Get(entry.Type) as BtfVariable
                ?? throw new BpfFormatException($"{SectionName}: type {entry.Type} is no variable");
            var symbol = symbols[variable.Name].Select(s => (ElfSymbol?)s).FirstOrDefault()
                ?? throw new BpfFormatException($"map {variable.Name} has no symbol");
            if (variable.Linkage == BtfLinkage.Static && symbol.Binding != ElfBinding.Global)
            {
                throw new BpfFormatException($"map {variable.Name} is static; maps must be visible");
            }

            var (map, at) = ReadDefinition(types, variable.Name, variable.Type, isInner: false);
            if (!spec.Maps.TryAdd(map.Name, map))
            {
                throw new BpfFormatException($"there are two maps {map.Name}");
            }

            Place(section.Index, symbol.Value, map.Name);
            if (at is { } slots)
            {
                _slots.Add((map.Name, section.Index, symbol.Value, slots));
            }
        }
    }

    /// <summary>Maps and programs that stand in maps from the beginning, by their relocations.</summary>
    public void ReadContents()
    {
        foreach (var list in elf.Sections.Where(s => s.Type == ElfSectionType.Relocations && _slots.Any(slot => slot.Section == s.Info)))
        {
            var slots = _slots.Where(s => s.Section == list.Info).Select(s => (s.Map, Start: s.Start + s.At)).OrderBy(s => s.Start).ToList();
            var starts = slots.Select(s => s.Start).ToList();
            foreach (var relocation in elf.Relocations(list))
            {
                var index = starts.BinarySearch(relocation.Offset);
                index = index >= 0 ? index : ~index - 1;
                if (index < 0)
                {
                    throw new BpfFormatException($"{SectionName}: nothing can stand at {relocation.Offset}");
                }

                var (name, start) = slots[index];
                AddContent(spec.Maps[name], (relocation.Offset - start) / 8, elf.Symbols[relocation.Symbol]);
            }
        }
    }

    private static void AddContent(MapSpec map, ulong index, ElfSymbol symbol)
    {
        // Zero stands for the size that they have.
        if (map.KeySize is not (0 or 4) || map.ValueSize is not (0 or 4 or 8))
        {
            throw new BpfFormatException(
                $"map {map.Name} holds {symbol.Name}, but its key has {map.KeySize} bytes, and its value {map.ValueSize}: both must have 4");
        }

        var key = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(key, checked((uint)index));
        map.Contents.Add(new(key, default, symbol.Name));
        if (map.Type is MapType.ProgramArray or MapType.ArrayOfMaps or MapType.HashOfMaps && index >= map.MaxEntries)
        {
            throw new BpfFormatException($"map {map.Name} has {map.MaxEntries} elements, and something at {index}");
        }
    }

    private static (MapSpec Map, uint? SlotsAt) ReadDefinition(BtfSpec types, string name, uint type, bool isInner)
    {
        if (types.Get(types.Skip(type)) is not BtfComposite { Kind: BtfKind.Struct } definition)
        {
            throw new BpfFormatException($"map {name} is declared by no structure");
        }

        var map = new MapSpec { Name = name, Type = MapType.Unspecified, Types = types };
        uint? slots = null;
        if (definition.Members.Length > MaxMembers)
        {
            throw new BpfFormatException($"map {name} is declared by {definition.Members.Length} members");
        }

        foreach (var member in definition.Members)
        {
            if (member.Name == "values")
            {
                slots = ReadValues(types, map, member, isInner);
            }
            else
            {
                ReadMember(types, map, member, isInner);
            }
        }

        return map.Type == MapType.Unspecified ? throw new BpfFormatException($"map {name} has no type") : (map, slots);
    }

    private static void ReadMember(BtfSpec types, MapSpec map, BtfMember member, bool isInner)
    {
        switch (member.Name)
        {
            case "type":
                map.Type = (MapType)Number(types, map, member);
                break;
            case "max_entries":
                map.MaxEntries = (uint)Number(types, map, member);
                break;
            case "map_flags":
                map.Flags = (uint)Number(types, map, member);
                break;
            case "numa_node":
                map.NumaNode = (uint)Number(types, map, member);
                break;
            case "map_extra":
                map.Extra = Number(types, map, member);
                break;
            case "key_size":
                map.KeySize = Agreed(map, member.Name, map.KeySize, (uint)Number(types, map, member));
                break;
            case "value_size":
                map.ValueSize = Agreed(map, member.Name, map.ValueSize, (uint)Number(types, map, member));
                break;
            case "key":
                map.KeyType = Pointed(types, map, member);
                map.KeySize = Agreed(map, member.Name, map.KeySize, checked((uint)types.SizeOf(map.KeyType)));
                break;
            case "value":
                map.ValueType = Pointed(types, map, member);
                map.ValueSize = Agreed(map, member.Name, map.ValueSize, checked((uint)types.SizeOf(map.ValueType)));
                break;
            case "pinning" when !isInner:
                map.PinByName = Number(types, map, member) == PinByName;
                break;
            default:
                throw new BpfFormatException($"map {map.Name}: the member '{member.Name}' is not known");
        }
    }

    // An array without a length, of pointers to a structure, which is a map, or to a function, which is a program.
    private static uint ReadValues(BtfSpec types, MapSpec map, BtfMember member, bool isInner)
    {
        if (isInner || types.Get(types.Skip(member.Type)) is not BtfArray { Count: 0 } array
            || types.Get(types.Skip(array.Element)) is not BtfReference { Kind: BtfKind.Pointer, Target: var target })
        {
            throw new BpfFormatException($"map {map.Name}: its values are no array of pointers");
        }

        map.ValueSize = 4;
        map.KeySize = map.KeySize == 0 ? 4 : map.KeySize;
        if (types.Get(types.Skip(target)) is BtfComposite)
        {
            map.Inner = ReadDefinition(types, map.Name + ".inner", target, isInner: true).Map;
        }

        return member.BitOffset / 8;
    }

    // A pointer to an array, whose length is the number; or an enumeration, whose only value is.
    private static ulong Number(BtfSpec types, MapSpec map, BtfMember member) => types.Get(types.Skip(member.Type)) switch
    {
        BtfReference { Kind: BtfKind.Pointer, Target: var target } when types.Get(types.Skip(target)) is BtfArray array => array.Count,
        BtfEnum { Values: [var value] } => value.Value,
        _ => throw new BpfFormatException($"map {map.Name}: the member '{member.Name}' says no number"),
    };

    private static uint Pointed(BtfSpec types, MapSpec map, BtfMember member) =>
        types.Get(types.Skip(member.Type)) is BtfReference { Kind: BtfKind.Pointer, Target: var target }
            ? target
            : throw new BpfFormatException($"map {map.Name}: the member '{member.Name}' says no type");

    private static uint Agreed(MapSpec map, string name, uint before, uint now) => before == 0 || before == now
        ? now
        : throw new BpfFormatException($"map {map.Name}: '{name}' says {now} bytes, and another member {before}");
}
