using Weft.Bpf.Btf;
using Weft.Bpf.Specs.Reading;

namespace Weft.Bpf.Linking.Static;

/// <summary>Gives each function and variable that several objects know one type: that of the object which defines it.</summary>
internal sealed class GlobalTypes(IReadOnlyList<LinkFile> files, SymbolTable symbols, TypeGraph graph, uint[] alias)
{
    private readonly record struct Known(LinkFile File, uint Id);

    public void Merge()
    {
        var all = files.Where(f => f.Types is not null).SelectMany(Of).GroupBy(k => k.File.Types!.NameOf(k.Id));
        foreach (var same in all.Select(g => (g.Key, List: g.ToList())))
        {
            if (symbols.Find(same.Key) is not { } symbol)
            {
                continue;
            }

            var found = same.List.FindIndex(k => k.File == symbol.Source);
            var winner = same.List[Math.Max(found, 0)];
            foreach (var other in same.List)
            {
                if (!IsRepeated(symbol, other) && !Agree(winner, other, symbol))
                {
                    throw other.File.Error($"{same.Key} has another type than in {winner.File.Name}; declare it in a header that both include");
                }

                alias[graph.Id(other.File, other.Id)] = graph.Id(winner.File, winner.Id);
            }
        }
    }

    private static IEnumerable<Known> Of(LinkFile file)
    {
        for (var id = file.Types!.FirstId; id < file.Types.EndId; id++)
        {
            var record = file.Types.Record(id, out var tail);
            var linkage = record.Kind switch
            {
                BtfKind.Function => (uint)record.Count,
                BtfKind.Variable => tail.UInt32(0),
                _ => (uint)BtfLinkage.Static,
            };
            if (linkage != (uint)BtfLinkage.Static && record.NameAt != 0)
            {
                yield return new(file, id);
            }
        }
    }

    // Each object has a variable for its licence, of that one's length.
    private static bool IsRepeated(LinkSymbol symbol, Known other) =>
        symbol.Section is { Name: "license" or "version" } section && other.File.PieceOf(section.Name) is { IsRepeated: true };

    private bool Agree(Known a, Known b, LinkSymbol symbol)
    {
        var agreement = new TypeAgreement(graph, alias);
        var isMap = symbol.Section is { Name: ".maps" };
        if (a == b || !isMap || a.File.Types!.Get(a.Id) is not BtfVariable one || b.File.Types!.Get(b.Id) is not BtfVariable two)
        {
            return agreement.Agree(graph.Id(a.File, a.Id), graph.Id(b.File, b.Id));
        }

        var (first, second) = (MapReader.Definition(a.File.Types, one.Name, one.Type), MapReader.Definition(b.File.Types, two.Name, two.Type));
        return Agree(agreement, a.File, first, b.File, second);
    }

    private bool Agree(TypeAgreement agreement, LinkFile oneFile, MapSpec one, LinkFile twoFile, MapSpec two) =>
        (one.Type, one.KeySize, one.ValueSize, one.MaxEntries, one.Flags, one.Extra, one.NumaNode, one.PinByName)
            == (two.Type, two.KeySize, two.ValueSize, two.MaxEntries, two.Flags, two.Extra, two.NumaNode, two.PinByName)
        && agreement.Agree(graph.Id(oneFile, one.KeyType), graph.Id(twoFile, two.KeyType))
        && agreement.Agree(graph.Id(oneFile, one.ValueType), graph.Id(twoFile, two.ValueType))
        && (one.Inner is null
            ? two.Inner is null
            : two.Inner is not null && Agree(agreement, oneFile, one.Inner, twoFile, two.Inner));
}
