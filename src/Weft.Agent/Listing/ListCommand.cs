using System.CommandLine;
using Weft.Agent.Commands;
using Weft.Agent.Text;
using Weft.Bpf;

namespace Weft.Agent.Listing;

/// <summary><c>weft-agent bpf list</c>: what is loaded.</summary>
internal static class ListCommand
{
    private const int NanosecondsInTick = 100;

    public static Command Create()
    {
        var json = new Option<bool>("--json") { Description = "Print JSON: {programs, maps, links}." };
        var command = new ExampleCommand(
            "list",
            "List the programs, maps and links that are in the kernel, and the processes that hold them. Needs CAP_SYS_ADMIN.",
            "weft-agent bpf list",
            "weft-agent bpf list --json | jq '.programs[] | select(.run_count > 0)'")
        {
            json,
        };
        command.SetAction(parsed =>
        {
            var view = View();
            parsed.InvocationConfiguration.Output.Write(
                parsed.GetValue(json) ? AgentJson.Line(view, j => j.KernelView) : KernelText.Of(view));
            return AgentCommand.Done;
        });
        return command;
    }

    private static KernelView View()
    {
        var holders = Holders.Find();
        List<LoadedProgram> programs = [.. KernelObjects.ProgramInfos().Select(p => Program(p, holders))];
        var names = programs.ToDictionary(p => p.Id, p => p.Name);
        return new(
            programs,
            [.. KernelObjects.MapInfos().Select(m => new LoadedMap(
                m.Id, Names.Of(m.Type), m.Name, m.KeySize, m.ValueSize, m.MaxEntries, m.Flags, m.IsFrozen, m.Memory, holders.OfMap(m.Id)))],
            [.. KernelObjects.LinkInfos().Select(l => new LoadedLink(
                l.Id, Names.Of(l.Type), l.ProgramId, names.GetValueOrDefault(l.ProgramId, ""), holders.OfLink(l.Id)))]);
    }

    private static LoadedProgram Program(ProgramInfo info, Holders holders) => new(
        info.Id, Names.Of(info.Type), info.Name, info.Tag, info.TranslatedSize, info.MachineSize, info.Memory, info.RunCount,
        info.RunTime.Ticks * NanosecondsInTick, [.. info.Maps], holders.OfProgram(info.Id));
}
