using System.Collections.Immutable;
using System.Text;

namespace Weft.Bpf.Elf;

/// <summary>A section of an object.</summary>
/// <param name="Data">Its bytes; empty where it takes none in the file.</param>
/// <param name="Size">How many bytes it has in memory.</param>
/// <param name="Info">Of a section of relocations: the section that they are for.</param>
internal sealed record ElfSection(
    int Index, string Name, ElfSectionType Type, ulong Flags, ulong Size, int Link, int Info, ulong EntrySize, ReadOnlyMemory<byte> Data)
{
    /// <summary>What its place is a multiple of, in bytes; 0 and 1 for any.</summary>
    public ulong Alignment { get; init; }

    public bool IsCode => Type == ElfSectionType.Content && (Flags & 4) != 0;
}

internal enum ElfSectionType : uint
{
    None = 0,
    Content = 1,
    Symbols = 2,
    Strings = 3,
    RelocationsWithAddends = 4,
    NoContent = 8,
    Relocations = 9,
}

/// <summary>A symbol of an object.</summary>
/// <param name="Section">The index of its section; 0 where it is defined elsewhere.</param>
internal readonly record struct ElfSymbol(
    string Name, ElfBinding Binding, ElfSymbolType Type, bool IsHidden, int Section, ulong Value, ulong Size);

internal enum ElfBinding : byte
{
    Local = 0,
    Global = 1,
    Weak = 2,
}

internal enum ElfSymbolType : byte
{
    None = 0,
    Data = 1,
    Function = 2,
    Section = 3,
    File = 4,
}

/// <summary>A relocation: the place in its section, what is done there, and the symbol.</summary>
internal readonly record struct ElfRelocation(ulong Offset, uint Type, int Symbol);

/// <summary>An object of eBPF as clang writes it: ELF of 64 bits, of either byte order.</summary>
internal sealed class ElfFile
{
    private const int HeaderSize = 64;
    private const int SectionSize = 64;
    private const int SymbolSize = 24;
    private const int RelocationSize = 16;
    private const ushort Bpf = 247;

    // Longer than C++ makes them; many symbols may share one.
    private const int MaxName = 4096;

    private readonly ILookup<int, ElfSymbol> _bySection;

    private ElfFile(bool isBigEndian, ImmutableArray<ElfSection> sections, ImmutableArray<ElfSymbol> symbols)
    {
        IsBigEndian = isBigEndian;
        Sections = sections;
        Symbols = symbols;
        _bySection = symbols.ToLookup(s => s.Section);
    }

    public bool IsBigEndian { get; }

    public ImmutableArray<ElfSection> Sections { get; }

    public ImmutableArray<ElfSymbol> Symbols { get; }

    public static ElfFile Parse(ReadOnlyMemory<byte> file)
    {
        var isBigEndian = CheckIdentity(file.Span);
        var reader = new BoundedReader(file.Span, isBigEndian, "the object");
        if (reader.UInt16(16) != 1 || reader.UInt16(18) is not (Bpf or 0))
        {
            throw new BpfFormatException($"the object is not a relocatable one of eBPF (type {reader.UInt16(16)}, machine {reader.UInt16(18)})");
        }

        var sections = ReadSections(file, reader, isBigEndian);
        return new(isBigEndian, sections, ReadSymbols(sections, isBigEndian));
    }

    public IEnumerable<ElfSymbol> SymbolsOf(int section) => _bySection[section];

    public ElfSection? Find(string name) => Sections.FirstOrDefault(s => s.Name == name);

    /// <summary>The relocations of a section in a section of them.</summary>
    public ImmutableArray<ElfRelocation> Relocations(ElfSection list)
    {
        var reader = new BoundedReader(list.Data.Span, IsBigEndian, list.Name);
        var result = ImmutableArray.CreateBuilder<ElfRelocation>(reader.Length / RelocationSize);
        for (var at = 0; at < reader.Length; at += RelocationSize)
        {
            var info = reader.UInt64(at + 8);
            var symbol = info >> 32;
            if (symbol >= (ulong)Symbols.Length)
            {
                throw new BpfFormatException($"{list.Name}: there is no symbol {symbol}");
            }

            result.Add(new(reader.UInt64(at), (uint)info, (int)symbol));
        }

        return result.DrainToImmutable();
    }

    private static bool CheckIdentity(ReadOnlySpan<byte> file)
    {
        if (file.Length < HeaderSize || !file.StartsWith("\u007fELF"u8))
        {
            throw new BpfFormatException("this is no ELF file");
        }

        return (file[4], file[5]) switch
        {
            (2, 1) => false,
            (2, 2) => true,
            _ => throw new BpfFormatException("this is no ELF file of 64 bits"),
        };
    }

    private static ImmutableArray<ElfSection> ReadSections(ReadOnlyMemory<byte> file, BoundedReader reader, bool isBigEndian)
    {
        var (start, count, names) = (reader.UInt64(40), (int)reader.UInt16(60), (int)reader.UInt16(62));
        if (reader.UInt16(58) != SectionSize || start > int.MaxValue)
        {
            throw new BpfFormatException("the object's table of sections is not where it should be");
        }

        var table = new BoundedReader(reader.Slice((long)start, (long)count * SectionSize), isBigEndian, "the table of sections");
        var text = names < count ? Content(file, table, names, "the names of sections") : throw new BpfFormatException("the sections have no names");
        var sections = ImmutableArray.CreateBuilder<ElfSection>(count);
        long total = 0;
        for (var i = 0; i < count; i++)
        {
            var at = i * SectionSize;
            var name = Name(text.Span, table.UInt32(at), "the names of sections");
            sections.Add(new(
                i, name, (ElfSectionType)table.UInt32(at + 4), table.UInt64(at + 8), table.UInt64(at + 32), (int)table.UInt32(at + 40),
                (int)table.UInt32(at + 44), table.UInt64(at + 56), Content(file, table, i, name))
            { Alignment = table.UInt64(at + 48) });
            total += sections[^1].Data.Length;
            if (total > file.Length)
            {
                throw new BpfFormatException("the object's sections lie over each other");
            }
        }

        return sections.MoveToImmutable();
    }

    private static ReadOnlyMemory<byte> Content(ReadOnlyMemory<byte> file, BoundedReader table, int index, string name)
    {
        var at = index * SectionSize;
        var (offset, size) = (table.UInt64(at + 24), table.UInt64(at + 32));
        if ((ElfSectionType)table.UInt32(at + 4) is ElfSectionType.NoContent or ElfSectionType.None)
        {
            return default;
        }

        return offset <= (ulong)file.Length && size <= (ulong)file.Length - offset
            ? file.Slice((int)offset, (int)size)
            : throw new BpfFormatException($"section {index} ({name}) lies outside of the file");
    }

    private static ImmutableArray<ElfSymbol> ReadSymbols(ImmutableArray<ElfSection> sections, bool isBigEndian)
    {
        if (sections.FirstOrDefault(s => s.Type == ElfSectionType.Symbols) is not { } list)
        {
            return [];
        }

        var names = list.Link > 0 && list.Link < sections.Length
            ? sections[list.Link].Data.Span
            : throw new BpfFormatException($"{list.Name}: its names are missing");
        var reader = new BoundedReader(list.Data.Span, isBigEndian, list.Name);
        var symbols = ImmutableArray.CreateBuilder<ElfSymbol>(reader.Length / SymbolSize);
        for (var at = 0; at < reader.Length; at += SymbolSize)
        {
            var info = reader.Byte(at + 4);
            symbols.Add(new(
                Name(names, reader.UInt32(at), list.Name), (ElfBinding)(info >> 4), (ElfSymbolType)(info & 15),
                (reader.Byte(at + 5) & 3) is 1 or 2, reader.UInt16(at + 6),
                reader.UInt64(at + 8), reader.UInt64(at + 16)));
        }

        return symbols.DrainToImmutable();
    }

    private static string Name(ReadOnlySpan<byte> names, uint at, string where)
    {
        if (at >= names.Length)
        {
            return at == 0 ? "" : throw new BpfFormatException($"{where}: name {at} lies outside");
        }

        var rest = names[(int)at..];
        var end = rest.IndexOf((byte)0);
        return end is >= 0 and <= MaxName
            ? Encoding.UTF8.GetString(rest[..end])
            : throw new BpfFormatException($"{where}: name {at} has no end, or more than {MaxName} bytes");
    }
}
