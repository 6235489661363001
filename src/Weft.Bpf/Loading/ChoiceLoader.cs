using System.Collections.Immutable;

namespace Weft.Bpf.Loading;

/// <summary>Tries the programs of a choice, in order.</summary>
/// <param name="load">Loads a program.</param>
/// <param name="giveUp">Notes that a program is refused, or loaded and not taken, and why.</param>
/// <param name="fill">Puts the programs that are loaded into the maps that hold them.</param>
/// <param name="programs">Those that are loaded; what is given up again is taken out.</param>
internal sealed class ChoiceLoader(
    ObjectSpec spec, Func<ProgramSpec, BpfProgram> load, Action<ProgramSpec, BpfException?> giveUp,
    Action fill, Dictionary<string, BpfProgram> programs, bool attaches)
{
    private readonly Dictionary<string, BpfLink> _links = [];

    /// <summary>What is attached, by the programs' names.</summary>
    public IReadOnlyDictionary<string, BpfLink> Links => _links;

    public ChoiceReport Load(ProgramChoice choice) => choice switch
    {
        ProgramChoice.OfProgram { Name: var name } => Program(name),
        ProgramChoice.First { Parts: var parts } => First(parts),
        ProgramChoice.All { Parts: var parts } => All(parts, choice),
        ProgramChoice.Any { Parts: var parts } => new("best effort", true, null, [.. parts.Select(Load)]),
        _ => throw new InvalidOperationException($"{choice} is no choice"),
    };

    private ChoiceReport Program(string name)
    {
        if (programs.ContainsKey(name))
        {
            return new(name, true, null, []);
        }

        try
        {
            var program = load(spec.Programs.GetValueOrDefault(name) ?? throw new BpfFormatException($"there is no program {name}"));
            if (attaches)
            {
                // An attached program may jump at once.
                fill();
                _links[name] = Attach.Auto(program);
            }

            return new(name, true, null, []);
        }
        catch (BpfException e)
        {
            GiveUp(name, e);
            return new(name, false, e, []);
        }
    }

    private ChoiceReport First(ImmutableArray<ProgramChoice> parts)
    {
        var tried = ImmutableArray.CreateBuilder<ChoiceReport>();
        foreach (var part in parts)
        {
            tried.Add(Load(part));
            if (tried[^1].IsTaken)
            {
                break;
            }
        }

        return new("one of", tried.Any(t => t.IsTaken), null, tried.DrainToImmutable());
    }

    private ChoiceReport All(ImmutableArray<ProgramChoice> parts, ProgramChoice choice)
    {
        var before = programs.Keys.ToHashSet();
        var tried = ImmutableArray.CreateBuilder<ChoiceReport>();
        foreach (var part in parts)
        {
            tried.Add(Load(part));
            if (!tried[^1].IsTaken)
            {
                choice.Names.Where(name => !before.Contains(name)).Where(programs.ContainsKey).ToList().ForEach(name => GiveUp(name, null));
                break;
            }
        }

        return new("all of", tried.All(t => t.IsTaken), null, tried.DrainToImmutable());
    }

    private void GiveUp(string name, BpfException? error)
    {
        if (spec.Programs.TryGetValue(name, out var given))
        {
            giveUp(given, error);
        }

        if (_links.Remove(name, out var link))
        {
            link.Dispose();
        }

        if (programs.Remove(name, out var program))
        {
            program.Dispose();
        }
    }
}
