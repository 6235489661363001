namespace Weft.Bpf;

/// <content>Symbols. They are read in pieces, so that a large file takes no more memory than a small one.</content>
internal sealed partial class ElfView
{
    private const int SymbolSize = 24;
    private const int PieceSize = 2730 * SymbolSize;
    private const uint SymbolTable = 2;
    private const uint DynamicSymbols = 11;

    /// <summary>The tables of symbols, each with the section of its names: <c>.symtab</c> before <c>.dynsym</c>.</summary>
    /// <exception cref="BpfFormatException">A table names no section.</exception>
    public IEnumerable<(FileSection Symbols, FileSection Names)> SymbolTables()
    {
        foreach (var symbols in Sections.Where(s => s.Type == SymbolTable).Concat(Sections.Where(s => s.Type == DynamicSymbols)))
        {
            yield return symbols.Link < Sections.Count
                ? (symbols, Sections[(int)symbols.Link])
                : throw new BpfFormatException($"{_file.Name}: symbols have names in section {symbols.Link} of {Sections.Count}");
        }
    }

    /// <summary>The symbols of a table.</summary>
    public IEnumerable<FileSymbol> Symbols(FileSection table)
    {
        var piece = new byte[(int)Math.Min(table.Size, PieceSize)];
        for (ulong from = 0; from + SymbolSize <= table.Size; from += PieceSize)
        {
            var count = (int)Math.Min(table.Size - from, PieceSize);
            _file.Read(piece.AsSpan(0, count), table.Offset + from);
            for (var i = 0; i + SymbolSize <= count; i += SymbolSize)
            {
                var reader = Reader(piece.AsSpan(i, SymbolSize));
                yield return new(reader.UInt32(0), reader.Byte(4) & 15, reader.Byte(4) >> 4, reader.UInt16(6), reader.UInt64(8));
            }
        }
    }
}

/// <summary>A symbol of an ELF file.</summary>
/// <param name="Name">Where its name lies among names.</param>
/// <param name="Section">The index of its section; 0 where it is defined elsewhere.</param>
internal readonly record struct FileSymbol(uint Name, int Type, int Binding, ushort Section, ulong Address)
{
    private const int Function = 2;

    // One whose code is chosen when the program starts: what is found is what chooses.
    private const int IndirectFunction = 10;

    /// <summary>Whether it is a function that is in the file.</summary>
    public bool IsFunction => Type == Function && IsDefined;

    /// <summary>The same, for one whose code is chosen when the program starts.</summary>
    public bool IsIndirectFunction => Type == IndirectFunction && IsDefined;

    private bool IsDefined => Address != 0 && Section != 0;
}
