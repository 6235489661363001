using Weft.Agent.Commands;
using Weft.Agent.Text;
using Weft.Bpf;

namespace Weft.Agent.Trace;

/// <summary>Programs of an object that are attached to what their sections say, until it is disposed.</summary>
internal sealed class Attachments : IDisposable
{
    private readonly List<BpfLink> _links = [];

    /// <summary>Attaches what can be attached, and says what became of each program.</summary>
    /// <exception cref="CommandException">It is none.</exception>
    public static Attachments Make(BpfObject loaded, string file, TextWriter error)
    {
        var made = new Attachments();
        var table = new Table("PROGRAM", "STATE", "WHERE, OR WHY NOT");
        foreach (var result in loaded.Results)
        {
            var (state, where) = result.Loaded
                ? made.Attach(loaded.Programs[result.Program.Name])
                : ("refused", result.Error?.Message ?? "");
            table.Add(result.Program.Name, state, where);
        }

        error.Write(table);
        return made._links.Count > 0
            ? made
            : throw new CommandException($"{file}: none of its {loaded.Results.Length} programs is attached, so that nothing would be printed");
    }

    public void Dispose() => _links.ForEach(l => l.Dispose());

    private (string State, string Where) Attach(BpfProgram program)
    {
        try
        {
            _links.Add(Bpf.Attach.Auto(program));
            return ("attached", _links[^1].Hook);
        }
        catch (BpfException e)
        {
            return ("not attached", e.Message);
        }
    }
}
