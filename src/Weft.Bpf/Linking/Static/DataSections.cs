using Weft.Bpf.Btf;

namespace Weft.Bpf.Linking.Static;

/// <summary>Merges the lists of variables of each section, with the places that these have in the result.</summary>
internal sealed class DataSections(SymbolTable symbols, TypeGraph graph, uint[] alias)
{
    private readonly Dictionary<uint, string> _asked = [];

    /// <summary>By the names of sections.</summary>
    public Dictionary<string, List<BtfSectionVariable>> Lists { get; } = [];

    public void Add(LinkFile file)
    {
        if (file.Types is not { } types)
        {
            return;
        }

        var pieces = file.Elf.Sections.Where(s => file.Pieces[s.Index] is not null).DistinctBy(s => s.Name)
            .ToDictionary(s => s.Name, s => file.Pieces[s.Index]);
        for (var id = types.FirstId; id < types.EndId; id++)
        {
            if (types.KindOf(id) != BtfKind.DataSection)
            {
                continue;
            }

            var section = (BtfDataSection)types.Get(id);
            var piece = pieces.GetValueOrDefault(section.Name);
            if (piece is { IsRepeated: true })
            {
                continue;
            }

            var list = Lists.TryGetValue(section.Name, out var known) ? known : Lists[section.Name] = [];
            list.AddRange(section.Variables.SelectMany(v => Place(file, section.Name, piece, v)));
        }
    }

    private BtfSectionVariable[] Place(LinkFile file, string section, Piece? piece, BtfSectionVariable variable)
    {
        var (name, linkage) = file.Types!.Get(variable.Type) switch
        {
            BtfVariable v => (v.Name, v.Linkage),
            BtfFunction f => (f.Name, f.Linkage),
            _ => throw file.Error($"{section}: type {variable.Type} is neither a variable nor a function"),
        };
        var type = alias[graph.Id(file, variable.Type)];
        if (linkage == BtfLinkage.Static || name.Length == 0)
        {
            return piece is null
                ? throw file.Error($"the section {section} has variables, and is not in the object")
                : [variable with { Type = type, Offset = checked((uint)(piece.Offset + variable.Offset)) }];
        }

        var symbol = symbols.Find(name);
        if (symbol is { Section: { } defined })
        {
            return defined.Name != section
                ? throw file.Error($"{name} is looked for in {section}, and {symbol.Source.Name} has it in {defined.Name}")
                : symbol.Source == file ? [variable with { Type = type, Offset = checked((uint)symbol.Value) }] : [];
        }

        if (linkage != BtfLinkage.Extern)
        {
            throw file.Error($"the variable {name} of the section {section} is not in the object");
        }

        return _asked.TryAdd(type, section) ? [variable with { Type = type, Offset = 0 }]
            : _asked[type] == section ? []
            : throw file.Error($"{name} is looked for in {section}, and by another object in {_asked[type]}");
    }
}
