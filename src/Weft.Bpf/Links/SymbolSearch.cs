using System.Text;

namespace Weft.Bpf;

/// <summary>
/// Where in an ELF file of 64 bits a function begins. First the places of its name are looked for in a table of strings, then
/// the symbols that have one of them: both in pieces, so that a large file takes no more memory than a small one.
/// </summary>
internal sealed class SymbolSearch(FileBytes file, string name)
{
    private const int PieceSize = 1 << 16;
    private const int MaxPlaces = 4096;
    private const int MaxName = 4096;

    private readonly byte[] _name = Encoding.UTF8.GetBytes(name);

    /// <summary>The offset in the file; null where no function is called so.</summary>
    /// <exception cref="BpfFormatException">It is no such file, it is damaged, or several functions are called so.</exception>
    public ulong? Find()
    {
        var view = ElfView.Open(file);
        if (_name.Length is 0 or > MaxName)
        {
            throw new BpfFormatException($"{file.Name}: '{name}' is no name");
        }

        foreach (var (symbols, names) in view.SymbolTables())
        {
            if (Places(names) is { Count: > 0 } places && AddressOf(places, view.Symbols(symbols)) is { } address)
            {
                return OffsetOf(address, view);
            }
        }

        return null;
    }

    /// <summary>Where the name stands, as a whole string or as the end of one, and before a version (<c>name@@2.0</c>).</summary>
    private HashSet<uint> Places(FileSection names)
    {
        var places = new HashSet<uint>();
        var buffer = new byte[(int)Math.Min(names.Size, PieceSize)];
        var overlap = (ulong)_name.Length;
        for (ulong from = 0; from < names.Size && from <= uint.MaxValue; from += PieceSize - overlap)
        {
            var piece = buffer.AsSpan(0, (int)Math.Min(names.Size - from, PieceSize));
            file.Read(piece, names.Offset + from);
            for (var i = 0; piece[i..].IndexOf(_name) is >= 0 and var next; i += next + 1)
            {
                var start = i + next;
                var end = start + _name.Length;
                if (end < piece.Length && piece[end] is 0 or (byte)'@')
                {
                    places.Add((uint)(from + (ulong)start));
                }
            }

            if (places.Count > MaxPlaces)
            {
                throw new BpfFormatException($"{file.Name}: has the name {name} too many times");
            }
        }

        return places;
    }

    private ulong? AddressOf(HashSet<uint> places, IEnumerable<FileSymbol> symbols)
    {
        var (best, address, isAmbiguous) = (-1, 0ul, false);
        foreach (var symbol in symbols.Where(s => (s.IsFunction || s.IsIndirectFunction) && places.Contains(s.Name)))
        {
            // A global one hides a weak one, and that a local one.
            var rank = symbol.Binding switch { 0 => 0, 2 => 1, _ => 2 };
            isAmbiguous = rank > best ? false : isAmbiguous || (rank == best && symbol.Address != address);
            (best, address) = rank > best ? (rank, symbol.Address) : (best, address);
        }

        return isAmbiguous
            ? throw new BpfFormatException($"{file.Name}: several functions are called {name}; give the offset in the file")
            : best < 0 ? null : address;
    }

    private ulong OffsetOf(ulong address, ElfView view) => view.Segment(address) is { IsExecutable: true } segment
        ? segment.OffsetOf(address)
        : throw new BpfFormatException($"{file.Name}: {name} at 0x{address:x} is in no segment that executes");
}
