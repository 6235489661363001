using Weft.Agent.Text;
using Weft.Bpf;
using Weft.Bpf.Btf;

namespace Weft.Agent.Commands;

/// <summary>Loads an object as a trial: whatever is refused, the rest is tried, and nothing stays.</summary>
internal static class ObjectTrial
{
    public static List<LoadView> Run(string file, bool oneByOne, string? types, BpfBackend backend)
    {
        var spec = ObjectFile.Read(file);
        var settings = new LoadSettings
        {
            Backend = backend,
            BestEffort = true,
            PinFolder = oneByOne ? null : "/sys/fs/bpf",
            KernelTypes = types is null ? null : BtfSpec.Parse(File.ReadAllBytes(types), name: types),
        };
        return oneByOne
            ? [.. spec.Programs.Values.Select(program => Alone(spec, program, settings))]
            : Together(spec, settings);
    }

    private static List<LoadView> Together(ObjectSpec spec, LoadSettings settings)
    {
        try
        {
            using var loaded = BpfObject.Load(spec, settings);
            return [.. loaded.Results.Select(View)];
        }
        catch (BpfException e)
        {
            // A map, or the object: none of its programs can be loaded.
            return [.. spec.Programs.Values.Where(p => p.Loads).Select(p => View(new(p, false, e, 0)))];
        }
    }

    private static LoadView Alone(ObjectSpec spec, ProgramSpec program, LoadSettings settings)
    {
        try
        {
            using var loaded = BpfObject.Load(spec, settings with { Only = program });
            return View(loaded.Results.Single());
        }
        catch (BpfException e)
        {
            return View(new(program, false, e, 0));
        }
    }

    private static LoadView View(ProgramResult result)
    {
        var kernel = result.Error as KernelException;
        var log = result.Error is VerifierException { Log: { IsEmpty: false } lines } ? string.Join('\n', lines) : null;
        return new(
            result.Program.Name, result.Program.Section, Names.Of(result.Program.Type), Names.AttachTypeOf(result.Program),
            result.Loaded, kernel?.Errno ?? 0, result.Loaded ? null : kernel?.Stage ?? "object", log, result.Instructions)
        {
            Error = result.Error?.Message,
        };
    }
}
