namespace Weft.Bpf;

/// <summary>
/// Where in an ELF file all functions begin whose names match a pattern: those of <c>.symtab</c>, or of <c>.dynsym</c> where
/// that has none. Symbols and names are read in pieces, so that a large file takes no more memory than a small one.
/// </summary>
internal sealed class SymbolList(FileBytes file, NamePattern pattern)
{
    /// <summary>What one link takes.</summary>
    public const int MaxFunctions = 1 << 20;

    private const int NamesSize = 8192;
    private const int MaxName = 4096;

    private readonly byte[] _names = new byte[NamesSize];
    private ulong _namesAt;
    private int _namesCount;

    /// <summary>The offsets in the file, in order; none where none matches.</summary>
    /// <exception cref="BpfFormatException">It is no such file, it is damaged, or too many match.</exception>
    public IReadOnlyList<ulong> Find()
    {
        var view = ElfView.Open(file);
        var offsets = new SortedSet<ulong>();
        foreach (var (symbols, names) in view.SymbolTables())
        {
            Add(view, symbols, names, offsets);
            if (offsets.Count > 0)
            {
                break;
            }
        }

        return [.. offsets];
    }

    private void Add(ElfView view, FileSection symbols, FileSection names, SortedSet<ulong> offsets)
    {
        _namesCount = 0;
        foreach (var symbol in view.Symbols(symbols))
        {
            if (symbol.IsFunction && pattern.Matches(Name(names, symbol.Name))
                && view.Segment(symbol.Address) is { IsExecutable: true } segment
                && offsets.Add(segment.OffsetOf(symbol.Address)) && offsets.Count > MaxFunctions)
            {
                throw new BpfFormatException($"{file.Name}: more than {MaxFunctions} functions match {pattern}");
            }
        }
    }

    /// <summary>A name, from the piece that was read last where it is in that: symbols mostly follow the order of their names.</summary>
    private ReadOnlySpan<byte> Name(FileSection names, uint at)
    {
        if (at >= names.Size)
        {
            throw new BpfFormatException($"{file.Name}: a symbol has its name at {at} of {names.Size}");
        }

        var need = (int)Math.Min(names.Size - at, MaxName);
        if (at < _namesAt || _namesCount == 0 || at + (ulong)need > _namesAt + (ulong)_namesCount)
        {
            (_namesAt, _namesCount) = (at, 0);
            var count = (int)Math.Min(names.Size - at, NamesSize);
            file.Read(_names.AsSpan(0, count), names.Offset + at);
            _namesCount = count;
        }

        var name = _names.AsSpan((int)(at - _namesAt), need);
        var end = name.IndexOf((byte)0);
        name = end < 0 ? default : name[..end];

        // Behind it there may be a version: name@@2.0.
        return name.IndexOf((byte)'@') is var version and > 0 ? name[..version] : name;
    }
}
