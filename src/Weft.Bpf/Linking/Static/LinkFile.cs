using Weft.Bpf.Btf;
using Weft.Bpf.Elf;

namespace Weft.Bpf.Linking.Static;

/// <summary>One of the objects that are linked, and where its parts come to stand.</summary>
internal sealed class LinkFile
{
    private LinkFile(string name, ElfFile elf, BtfSpec? types, BtfExtensions extensions)
    {
        (Name, Elf, Types, Extensions) = (name, elf, types, extensions);
        Pieces = new Piece?[elf.Sections.Length];
        Symbols = new int[elf.Symbols.Length];
    }

    public string Name { get; }

    public ElfFile Elf { get; }

    public BtfSpec? Types { get; }

    public BtfExtensions Extensions { get; }

    /// <summary>By the index of a section: where its bytes went; null for what is not taken.</summary>
    public Piece?[] Pieces { get; }

    /// <summary>By the index of a symbol: what became of it in <see cref="SymbolTable"/>; -1 for what is not taken.</summary>
    public int[] Symbols { get; }

    public static LinkFile Read(string name, ReadOnlyMemory<byte> bytes)
    {
        try
        {
            var elf = ElfFile.Parse(bytes);
            var types = elf.Find(".BTF") is { Data.Length: > 0 } section ? BtfSpec.Parse(section.Data) : null;
            var extensions = types is not null && elf.Find(".BTF.ext") is { Data.Length: > 0 } more
                ? BtfExtensions.Parse(more.Data, types)
                : BtfExtensions.None;
            return new(name, elf, types, extensions);
        }
        catch (BpfFormatException e)
        {
            throw new BpfFormatException($"{name}: {e.Message}", e);
        }
    }

    /// <summary>The piece of the section of a name.</summary>
    public Piece? PieceOf(string section) => Elf.Sections.Where(s => s.Name == section).Select(s => Pieces[s.Index]).FirstOrDefault(p => p is not null);

    public BpfFormatException Error(string message) => new($"{Name}: {message}");
}

/// <summary>A section of an object within a section of the result.</summary>
/// <param name="Target">The section of the result.</param>
/// <param name="Offset">Where it begins in it, in bytes.</param>
/// <param name="IsRepeated">Whether an object before had the same already, as all have their licence.</param>
internal sealed record Piece(LinkSection Target, long Offset, bool IsRepeated);
