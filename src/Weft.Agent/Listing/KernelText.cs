using System.Globalization;
using System.Text;
using Weft.Agent.Text;

namespace Weft.Agent.Listing;

/// <summary>What is loaded, for people.</summary>
internal static class KernelText
{
    public static string Of(KernelView view)
    {
        var text = new StringBuilder();
        Section(text, "PROGRAMS", view.Programs.Count, Programs(view.Programs));
        Section(text, "MAPS", view.Maps.Count, Maps(view.Maps));
        Section(text, "LINKS", view.Links.Count, Links(view.Links));
        return text.ToString();
    }

    private static void Section(StringBuilder text, string title, int count, Table table)
    {
        text.Append(text.Length == 0 ? "" : "\n").Append(CultureInfo.InvariantCulture, $"{title} ({count})\n");
        if (!table.IsEmpty)
        {
            table.Write(text, indent: 2);
        }
    }

    private static Table Programs(List<LoadedProgram> programs)
    {
        // Nobody counts most of the time; then the columns only take room.
        var areCounted = programs.Any(p => p.RunCount > 0);
        string[] counts = areCounted ? [">RUNS", ">NS/RUN"] : [];
        var table = new Table([">ID", "TYPE", "NAME", ">BYTES", ">MACHINE", ">MEMORY", .. counts, "MAPS", "PIDS"]);
        foreach (var program in programs)
        {
            counts = areCounted ? [Number(program.RunCount), program.RunCount == 0 ? "" : Number((ulong)program.RunTimeNs / program.RunCount)] : [];
            table.Add(
            [
                Number(program.Id), program.Type, program.Name, Number(program.InstructionBytes), Number(program.MachineBytes),
                Number((ulong)program.Memory), .. counts, string.Join(',', program.Maps), string.Join(',', program.Pids),
            ]);
        }

        return table;
    }

    private static Table Maps(List<LoadedMap> maps)
    {
        var table = new Table(">ID", "TYPE", "NAME", ">KEY", ">VALUE", ">ENTRIES", ">MEMORY", "FLAGS", "PIDS");
        foreach (var map in maps)
        {
            table.Add(
                Number(map.Id), map.Type, map.Name, Number(map.KeySize), Number(map.ValueSize), Number(map.MaxEntries),
                Number((ulong)map.Memory), string.Join('|', Names.OfFlags(map.Flags).Concat(map.Frozen ? ["frozen"] : [])),
                string.Join(',', map.Pids));
        }

        return table;
    }

    private static Table Links(List<LoadedLink> links)
    {
        var table = new Table(">ID", "TYPE", ">PROGRAM", "NAME", "PIDS");
        foreach (var link in links)
        {
            table.Add(Number(link.Id), link.Type, Number(link.ProgramId), link.Program, string.Join(',', link.Pids));
        }

        return table;
    }

    private static string Number(ulong number) => number.ToString(CultureInfo.InvariantCulture);
}
