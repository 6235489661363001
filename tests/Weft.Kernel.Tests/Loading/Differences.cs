using System.Globalization;
using Weft.Bpf;
using Weft.Bpf.Assembly;
using Weft.Bpf.Btf;
using Weft.Bpf.Kernel;
using Weft.Kernel.Tests.Stage;

namespace Weft.Kernel.Tests.Loading;

/// <summary>Where a back-end and libbpf differ: the verdict on a program, or an instruction that was sent.</summary>
/// <param name="Program">Null for the whole object.</param>
/// <param name="Libbpf">What libbpf does.</param>
/// <param name="Here">What is done here.</param>
internal sealed record Difference(string Object, string? Program, string Libbpf, string Here)
{
    public override string ToString() => $"{Object}: {Program ?? "all"}: libbpf {Libbpf}, here {Here}";
}

/// <summary>Loads objects by libbpf itself and by a back-end, program by program, and finds where they differ.</summary>
internal static class Differences
{
    private const string Loaded = "loaded";

    /// <param name="types">A file of types to relocate by; null for the kernel's.</param>
    public static List<Difference> Of(string file, string? types = null, BpfBackend backend = BpfBackend.Managed)
    {
        var name = Path.GetFileNameWithoutExtension(file).Split('.')[0];
        var verdicts = Libbpf.LoadEach(file, types);
        ObjectSpec spec;
        try
        {
            spec = ObjectSpec.Open(file);
        }
        catch (BpfFormatException e)
        {
            return verdicts is null ? [] : [new(name, null, "opened", $"refused: {e.Message}")];
        }

        if (verdicts is null)
        {
            return backend == BpfBackend.Libbpf ? [] : [new(name, null, "refused", "opened")];
        }

        var settings = new LoadSettings
        {
            Backend = backend,
            PinFolder = null,
            KernelTypes = types is null ? null : BtfSpec.Parse(File.ReadAllBytes(types)),
        };
        var unknown = spec.Programs.Keys.Except(verdicts.Keys).Select(program => new Difference(name, program, "not found", "found"));
        return [.. unknown, .. verdicts.Select(v => Of(spec, v.Key, v.Value, settings)).OfType<(string Program, string, string)>()
            .Select(d => new Difference(name, d.Program, d.Item2, d.Item3))];
    }

    private static (string Program, string Libbpf, string Here)? Of(ObjectSpec spec, string name, Libbpf.Verdict theirs, LoadSettings settings)
    {
        if (!spec.Programs.TryGetValue(name, out var program))
        {
            return (name, "found", "not found");
        }

        try
        {
            using var loaded = BpfObject.Load(spec, settings with { Only = program });
            return theirs.Error != 0 ? (name, Errno.Name(theirs.Error), Loaded) : Of(name, loaded.Results[0].Code, theirs.Code);
        }
        catch (BpfException e)
        {
            var errno = (e as KernelException)?.Errno ?? 0;
            return theirs.Error == 0 || (errno != 0 && errno != theirs.Error)
                ? (name, theirs.Error == 0 ? Loaded : Errno.Name(theirs.Error), e is KernelException ? Errno.Name(errno) : e.Message)
                : null;
        }
    }

    private static (string Program, string Libbpf, string Here)? Of(string name, Instruction[] ours, Instruction[] theirs)
    {
        if (ours.Length != theirs.Length)
        {
            return (name, Count(theirs), Count(ours));
        }

        for (var i = 0; i < ours.Length; i++)
        {
            // Descriptors are numbered as it happens.
            var (a, b) = (ours[i], theirs[i]);
            if (a.IsWideLoad && a.Source is 1 or 2)
            {
                a.Immediate = b.Immediate = 0;
            }

            if (a != b)
            {
                return (name, At(i, b), At(i, a));
            }
        }

        return null;
    }

    private static string Count(Instruction[] code) => string.Create(CultureInfo.InvariantCulture, $"{code.Length} instructions");

    private static string At(int index, Instruction instruction) => string.Create(CultureInfo.InvariantCulture, $"instruction {index} is `{instruction}`");
}
