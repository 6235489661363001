using Weft.Bpf.Elf;

namespace Weft.Bpf.Specs.Reading;

/// <summary>
/// Reads maps of the section <c>maps</c>, as objects had them before types: five numbers each, and more that must be zero.
/// libbpf has not read them since 1.0; cilium/ebpf does.
/// </summary>
internal static class LegacyMapReader
{
    private const int Known = 20;

    public static void Read(ElfFile elf, ObjectSpec spec, MapReader places)
    {
        foreach (var section in elf.Sections.Where(s => s.Name is "maps" || s.Name.StartsWith("maps/", StringComparison.Ordinal)))
        {
            // The one of clang's that says nothing but where the section begins is none.
            var symbols = elf.Symbols
                .Where(s => s.Section == section.Index && s.Name.Length > 0 && s.Type is ElfSymbolType.Data or ElfSymbolType.None)
                .Where(s => !s.Name.StartsWith(".L", StringComparison.Ordinal)).OrderBy(s => s.Value).ToList();
            if (symbols.Count == 0)
            {
                throw new BpfFormatException($"{section.Name}: its maps have no names");
            }

            // What several objects were linked of may have others between them, without a name.
            var size = (int)Math.Min(symbols[0].Size, int.MaxValue);
            size = size != 0 && symbols.All(s => s.Size == (ulong)size) ? size : section.Data.Length / symbols.Count;
            if (size < Known || section.Data.Length % size != 0)
            {
                throw new BpfFormatException($"{section.Name}: {symbols.Count} maps in {section.Data.Length} bytes");
            }

            foreach (var symbol in symbols)
            {
                Add(elf, spec, section, symbol, size);
                places.Place(section.Index, symbol.Value, symbol.Name);
            }
        }
    }

    private static void Add(ElfFile elf, ObjectSpec spec, ElfSection section, ElfSymbol symbol, int size)
    {
        var reader = new BoundedReader(section.Data.Span, elf.IsBigEndian, section.Name);
        var at = checked((long)symbol.Value);
        var map = new MapSpec
        {
            Name = symbol.Name,
            Type = (MapType)reader.UInt32(at),
            KeySize = reader.UInt32(at + 4),
            ValueSize = reader.UInt32(at + 8),
            MaxEntries = reader.UInt32(at + 12),
            Flags = reader.UInt32(at + 16),
        };
        if (reader.Slice(at + Known, size - Known).ContainsAnyExcept((byte)0))
        {
            throw new BpfFormatException($"map {map.Name} says more than is known: bytes behind the fifth number are not zero");
        }

        if (!spec.Maps.TryAdd(map.Name, map))
        {
            throw new BpfFormatException($"there are two maps {map.Name}");
        }
    }
}
