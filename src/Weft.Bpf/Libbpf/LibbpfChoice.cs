using Weft.Bpf.Loading;

namespace Weft.Bpf.Libbpf;

/// <summary>
/// Tries the programs of a choice: each is loaded by an object of libbpf's of its own, with the maps that those before it have
/// made.
/// </summary>
internal sealed class LibbpfChoice(ObjectSpec spec, LoadSettings settings) : IDisposable
{
    private readonly Dictionary<string, BpfMap> _maps = [];
    private readonly Dictionary<string, BpfProgram> _programs = [];
    private readonly List<BpfObject> _parts = [];
    private readonly List<ProgramResult> _results = [];

    /// <exception cref="ChoiceException">Not enough of it is taken.</exception>
    /// <exception cref="BpfException">A program that is none of the choice is refused.</exception>
    public BpfObject Load(ProgramChoice choice)
    {
        var choices = new ChoiceLoader(spec, Load, GiveUp, () => { }, _programs, settings.Attaches);
        try
        {
            var chosen = choice.Names.ToHashSet();
            foreach (var program in spec.Programs.Values.Where(p => p.Loads && !chosen.Contains(p.Name)))
            {
                Attempt(program);
            }

            var report = choices.Load(choice);
            return report.IsTaken
                ? new(spec, _maps, [], _programs, [.. _results]) { Links = choices.Links, Choice = report, Native = this }
                : throw new ChoiceException(report);
        }
        catch
        {
            choices.Links.Values.ToList().ForEach(l => l.Dispose());
            Dispose();
            throw;
        }
    }

    public void Dispose() => _parts.ForEach(p => p.Dispose());

    private void Attempt(ProgramSpec program)
    {
        try
        {
            Load(program);
        }
        catch (BpfException e) when (settings.BestEffort)
        {
            GiveUp(program, e);
        }
    }

    private BpfProgram Load(ProgramSpec program)
    {
        var maps = new Dictionary<string, BpfMap>(settings.Maps);
        _maps.ToList().ForEach(m => maps[m.Key] = m.Value);
        var part = LibbpfLoader.Load(spec, settings with { Choice = null, BestEffort = false, Only = program, Maps = maps });
        _parts.Add(part);
        part.Maps.ToList().ForEach(m => _maps[m.Key] = m.Value);
        _results.RemoveAll(r => r.Program == program);
        _results.AddRange(part.Results);
        return _programs[program.Name] = part.Programs[program.Name];
    }

    // What libbpf has of it is let go; maps that it has made may be used by others.
    private void GiveUp(ProgramSpec program, BpfException? error)
    {
        var before = _results.Find(r => r.Program == program);
        _results.RemoveAll(r => r.Program == program);
        _results.Add(new(program, false, error, before?.Instructions ?? 0));
        _parts.FindLast(p => p.Programs.ContainsKey(program.Name))?.Native?.Dispose();
    }
}
