using System.Text;

namespace Weft.Bpf;

/// <summary>
/// Where in an ELF file of 64 bits a function begins. First the places of its name are looked for in a table of strings, then
/// the symbols that have one of them: both in pieces, so that a large file takes no more memory than a small one.
/// </summary>
internal sealed class SymbolSearch(FileBytes file, string name)
{
    private const int HeaderSize = 64;
    private const int SectionSize = 64;
    private const int SegmentSize = 56;
    private const int SymbolSize = 24;
    private const int PieceSize = 2730 * SymbolSize;
    private const int MaxPlaces = 4096;
    private const int MaxName = 4096;
    private const uint SymbolTable = 2;
    private const uint DynamicSymbols = 11;
    private const uint Loaded = 1;
    private const uint Executable = 1;
    private const int Function = 2;

    // One whose code is chosen when the program starts: what is found is what chooses.
    private const int IndirectFunction = 10;

    private readonly byte[] _name = Encoding.UTF8.GetBytes(name);
    private readonly byte[] _piece = new byte[PieceSize];
    private bool _isBigEndian;

    /// <summary>The offset in the file; null where no function is called so.</summary>
    /// <exception cref="BpfFormatException">It is no such file, it is damaged, or several functions are called so.</exception>
    public ulong? Find()
    {
        var header = Piece(0, HeaderSize);
        if (!header[..4].SequenceEqual("\u007FELF"u8) || header[4] != 2)
        {
            throw new BpfFormatException($"{file.Name}: is no ELF file of 64 bits");
        }

        _isBigEndian = header[5] == 2;
        var reader = Reader(header);
        if (_name.Length is 0 or > MaxName || reader.UInt16(54) != SegmentSize || reader.UInt16(58) != SectionSize)
        {
            throw new BpfFormatException($"{file.Name}: its headers have sizes that are not known, or '{name}' is no name");
        }

        var (segments, segmentCount) = (reader.UInt64(32), reader.UInt16(56));
        var (sections, sectionCount) = (reader.UInt64(40), reader.UInt16(60));
        foreach (var type in (uint[])[SymbolTable, DynamicSymbols])
        {
            if (InTable(type, sections, sectionCount) is { } address)
            {
                return OffsetOf(address, segments, segmentCount);
            }
        }

        return null;
    }

    private ulong? InTable(uint type, ulong sections, int count)
    {
        for (var i = 0; i < count; i++)
        {
            var section = Reader(Piece(sections + ((ulong)i * SectionSize), SectionSize));
            if (section.UInt32(4) != type)
            {
                continue;
            }

            var (at, size, link) = (section.UInt64(24), section.UInt64(32), section.UInt32(40));
            if (link >= count)
            {
                throw new BpfFormatException($"{file.Name}: symbols have names in section {link} of {count}");
            }

            var strings = Reader(Piece(sections + ((ulong)link * SectionSize), SectionSize));
            var places = Places(strings.UInt64(24), strings.UInt64(32));
            return places.Count == 0 ? null : AddressOf(places, at, size);
        }

        return null;
    }

    /// <summary>Where the name stands, as a whole string or as the end of one, and before a version (<c>name@@2.0</c>).</summary>
    private HashSet<uint> Places(ulong at, ulong size)
    {
        var places = new HashSet<uint>();
        var overlap = (ulong)_name.Length;
        for (ulong from = 0; from < size && from <= uint.MaxValue; from += PieceSize - overlap)
        {
            var piece = Piece(at + from, (int)Math.Min(size - from, PieceSize));
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

    private ulong? AddressOf(HashSet<uint> places, ulong at, ulong size)
    {
        var (best, address, isAmbiguous) = (-1, 0ul, false);
        for (ulong from = 0; from + SymbolSize <= size; from += PieceSize)
        {
            var piece = Reader(Piece(at + from, (int)Math.Min(size - from, PieceSize)));
            for (var i = 0; i + SymbolSize <= piece.Length; i += SymbolSize)
            {
                var (info, value) = (piece.Byte(i + 4), piece.UInt64(i + 8));
                if ((info & 15) is not (Function or IndirectFunction) || value == 0 || piece.UInt16(i + 6) == 0 || !places.Contains(piece.UInt32(i)))
                {
                    continue;
                }

                // A global one hides a weak one, and that a local one.
                var rank = (info >> 4) switch { 0 => 0, 2 => 1, _ => 2 };
                isAmbiguous = rank > best ? false : isAmbiguous || (rank == best && value != address);
                (best, address) = rank > best ? (rank, value) : (best, address);
            }
        }

        return isAmbiguous
            ? throw new BpfFormatException($"{file.Name}: several functions are called {name}; give the offset in the file")
            : best < 0 ? null : address;
    }

    private ulong OffsetOf(ulong address, ulong segments, int count)
    {
        for (var i = 0; i < count; i++)
        {
            var segment = Reader(Piece(segments + ((ulong)i * SegmentSize), SegmentSize));
            var (at, start, size) = (segment.UInt64(8), segment.UInt64(16), segment.UInt64(40));
            if (segment.UInt32(0) == Loaded && (segment.UInt32(4) & Executable) != 0 && address >= start && address - start < size)
            {
                return address - start + at;
            }
        }

        throw new BpfFormatException($"{file.Name}: {name} at 0x{address:x} is in no segment that executes");
    }

    private ReadOnlySpan<byte> Piece(ulong at, int size)
    {
        var piece = _piece.AsSpan(0, size);
        file.Read(piece, at);
        return piece;
    }

    private BoundedReader Reader(ReadOnlySpan<byte> bytes) => new(bytes, _isBigEndian, file.Name);
}
