using System.Globalization;
using System.Text;
using Weft.Agent.Text;

namespace Weft.Agent.Inspect;

/// <summary>What is in an object, for people.</summary>
internal static class ObjectText
{
    private const int LongestValue = 60;

    public static string Of(ObjectView view)
    {
        var text = new StringBuilder();
        text.Append(Plain.Line(
            $"{view.Name}: {view.ByteOrder} endian, {(view.License.Length == 0 ? "no licence" : $"licence {view.License}")}, "
            + (view.Types == 0 ? "no types" : $"{Number(view.Types)} types"))).Append('\n');
        Section(text, "PROGRAMS", Programs(view.Programs));
        foreach (var program in view.Programs.Where(p => p.Error is not null))
        {
            text.Append("  ").Append(Plain.Line($"{program.Name}: {program.Error}")).Append('\n');
        }

        Section(text, "MAPS", Maps(view.Maps));
        Declarations(text, view.Maps);
        Section(text, "VARIABLES", Variables(view.Variables));
        Section(text, "FROM THE KERNEL", Needs(view.Needs));
        return text.ToString();
    }

    private static void Section(StringBuilder text, string title, Table table)
    {
        if (!table.IsEmpty)
        {
            text.Append('\n').Append(title).Append('\n');
            table.Write(text, indent: 2);
        }
    }

    private static Table Programs(List<ProgramView> programs)
    {
        var table = new Table("NAME", "SECTION", "TYPE", "ATTACH TYPE", "TARGET", ">INSTRUCTIONS", ">CO-RE", "LOADS");
        foreach (var program in programs)
        {
            table.Add(
                program.Name, program.Section, program.Type, program.AttachType ?? "", program.Target ?? "",
                Number(program.Instructions), Number(program.Relocations), program.Loads ? "yes" : "optional");
        }

        return table;
    }

    private static Table Maps(List<MapView> maps)
    {
        var table = new Table("NAME", "TYPE", "KEY", "VALUE", ">ENTRIES", "FLAGS", "PINNED");
        foreach (var map in maps)
        {
            Add(table, map, map.Name);
        }

        return table;
    }

    private static void Add(Table table, MapView map, string name)
    {
        table.Add(
            name, map.Type, Sized(map.Key, map.KeySize), Sized(map.Value, map.ValueSize), Number(map.MaxEntries),
            string.Join('|', map.FlagNames), map.Pinned ? "by name" : "");
        if (map.Inner is { } inner)
        {
            Add(table, inner, "  each in it");
        }
    }

    private static string Sized(string? type, uint size) => (type, size) switch
    {
        (null, 0) => "",
        (null, _) => $"{Number(size)} bytes",
        _ => $"{type} ({Number(size)})",
    };

    private static void Declarations(StringBuilder text, List<MapView> maps)
    {
        foreach (var declaration in maps.SelectMany(m => m.Declarations.Concat(m.Inner?.Declarations ?? [])).Distinct())
        {
            text.Append("\n  ").Append(Plain.Lines(declaration).Replace("\n", "\n  ", StringComparison.Ordinal)).Append('\n');
        }
    }

    private static Table Variables(List<VariableView> variables)
    {
        var table = new Table("NAME", "DECLARATION", "SECTION", ">OFFSET", ">SIZE", "VALUE");
        foreach (var variable in variables)
        {
            var value = variable.Value?.GetRawText() ?? "";
            table.Add(
                variable.Name, variable.Type ?? "", variable.Section, Number(variable.Offset), Number(variable.Size),
                value.Length > LongestValue ? value[..LongestValue] + "…" : value);
        }

        return table;
    }

    private static Table Needs(List<NeedView> needs)
    {
        var table = new Table("NAME", "KIND", "NEEDED", "DECLARATION");
        foreach (var need in needs)
        {
            table.Add(need.Name, need.Kind, need.Optional ? "optional" : "yes", need.Type ?? "");
        }

        return table;
    }

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
