using System.Globalization;
using Weft.Bpf.Elf;

namespace Weft.Bpf.Linking.Static;

/// <summary>
/// Merges symbols. Those of one object alone stay apart, even of the same name. Of the others one wins: a definition over who
/// asks for it, a strong one over a weak one, the first of several weak ones.
/// </summary>
internal sealed class SymbolTable
{
    private const int Absolute = 0xFF00;

    private readonly Dictionary<string, int> _global = new(StringComparer.Ordinal);
    private readonly Dictionary<LinkSection, int> _ofSections = [];

    public List<LinkSymbol> Symbols { get; } = [];

    /// <summary>The symbol that all objects mean by a name; null where none has it.</summary>
    public LinkSymbol? Find(string name) => _global.TryGetValue(name, out var index) ? Symbols[index] : null;

    public void Add(LinkFile file)
    {
        for (var i = 0; i < file.Elf.Symbols.Length; i++)
        {
            file.Symbols[i] = Add(file, file.Elf.Symbols[i]);
        }
    }

    /// <summary>
    /// Gives functions of one section names of their own, for cilium/ebpf knows them by these: of several static ones of a name
    /// the first keeps it. What the kernel calls them is in the types, and stays.
    /// </summary>
    public void NameApart()
    {
        var names = Symbols.Where(s => s.Binding != ElfBinding.Local && s.IsDefined).Select(s => (s.Section, s.Name)).ToHashSet();
        var used = new Dictionary<(LinkSection?, string), int>();
        for (var i = 0; i < Symbols.Count; i++)
        {
            var symbol = Symbols[i];
            if (symbol is not { Binding: ElfBinding.Local, Type: ElfSymbolType.Function } || names.Add((symbol.Section, symbol.Name)))
            {
                continue;
            }

            var (name, count) = (symbol.Name, used.GetValueOrDefault((symbol.Section, symbol.Name)));
            while (!names.Add((symbol.Section, name)))
            {
                name = string.Create(CultureInfo.InvariantCulture, $"{symbol.Name}.{++count}");
            }

            used[(symbol.Section, symbol.Name)] = count;
            Symbols[i] = symbol with { Name = name };
        }
    }

    private int Add(LinkFile file, ElfSymbol symbol)
    {
        if (symbol.Section >= file.Elf.Sections.Length && symbol.Section < Absolute)
        {
            throw file.Error($"symbol {symbol.Name} has no section");
        }

        var piece = symbol.Section < file.Elf.Sections.Length ? file.Pieces[symbol.Section] : null;
        var isAsked = symbol.Section == 0 && symbol.Binding != ElfBinding.Local && symbol.Name.Length > 0;
        if (symbol.Type == ElfSymbolType.File || (piece is null && !isAsked))
        {
            return -1;
        }

        if (symbol.Type == ElfSymbolType.Section)
        {
            return piece is null ? throw file.Error($"symbol {symbol.Name} stands for a section, and names none") : OfSection(file, piece.Target);
        }

        if (piece is { IsRepeated: true })
        {
            return symbol.Binding != ElfBinding.Local && _global.TryGetValue(symbol.Name, out var known) ? known : OfSection(file, piece.Target);
        }

        if (piece is not null && symbol.Value > (ulong)piece.Target.Size)
        {
            throw file.Error($"symbol {symbol.Name} lies outside of {piece.Target.Name}");
        }

        var value = piece is null ? 0 : symbol.Value + (ulong)piece.Offset;
        var added = new LinkSymbol(symbol.Name, file, symbol.Binding, symbol.Type, symbol.IsHidden, piece?.Target, value, symbol.Size);
        return symbol.Binding == ElfBinding.Local ? Append(added) : Merge(added);
    }

    private int OfSection(LinkFile file, LinkSection section)
    {
        if (!_ofSections.TryGetValue(section, out var index))
        {
            _ofSections[section] = index = Append(new("", file, ElfBinding.Local, ElfSymbolType.Section, false, section, 0, 0));
        }

        return index;
    }

    private int Append(LinkSymbol symbol)
    {
        Symbols.Add(symbol);
        return Symbols.Count - 1;
    }

    private int Merge(LinkSymbol symbol)
    {
        if (!_global.TryGetValue(symbol.Name, out var index))
        {
            return _global[symbol.Name] = Append(symbol);
        }

        var before = Symbols[index];
        Symbols[index] = Merge(before, symbol);
        if (before.IsDefined && symbol.IsDefined)
        {
            Keep(Symbols[index].Source == before.Source ? symbol : before);
        }

        return index;
    }

    // The code of a weak function that lost stays, for others are told by their distance. Without a symbol cilium/ebpf would take
    // it for the end of the function before it; libbpf takes local ones in this section only.
    private void Keep(LinkSymbol loser)
    {
        if (loser is { Type: ElfSymbolType.Function, Section.Name: ".text" })
        {
            Append(loser with { Binding = ElfBinding.Local });
        }
    }

    private static LinkSymbol Merge(LinkSymbol before, LinkSymbol now)
    {
        if (before.IsStrong && now.IsStrong)
        {
            throw new BpfFormatException(
                $"{now.Source.Name}: {now.Name} is defined already in {before.Source.Name}; make one of them static, __weak, or extern");
        }

        if (before.IsDefined && now.IsDefined && (before.Type != now.Type || before.Section != now.Section))
        {
            throw new BpfFormatException(
                $"{now.Source.Name}: {now.Name} is in section {now.Section!.Name}, and in {before.Section!.Name} in {before.Source.Name}");
        }

        var wins = (now.IsDefined && !before.IsDefined) || (now.IsStrong && !before.IsStrong) ? now : before;

        // Whom nobody must do without may stay away.
        var isStrong = wins.IsDefined ? wins.Binding == ElfBinding.Global : before.Binding == ElfBinding.Global || now.Binding == ElfBinding.Global;
        return wins with { IsHidden = before.IsHidden || now.IsHidden, Binding = isStrong ? ElfBinding.Global : ElfBinding.Weak };
    }
}
