using System.Globalization;
using Weft.Bpf;
using Weft.Bpf.Assembly;
using Weft.Bpf.Btf;
using Weft.Kernel.Tests.Stage;

namespace Weft.Kernel.Tests.Loading;

/// <summary>Where this loader and libbpf differ: the verdict on a program, or an instruction that was sent.</summary>
internal static class Differences
{
    public static List<string> Of(string file, string? types = null)
    {
        var verdicts = Libbpf.LoadEach(file, types);
        ObjectSpec spec;
        try
        {
            spec = ObjectSpec.Open(file);
        }
        catch (BpfFormatException e)
        {
            return verdicts is null ? [] : [$"{file}: only libbpf opens it: {e.Message}"];
        }

        if (verdicts is null)
        {
            return [$"{file}: only this loader opens it"];
        }

        var kernelTypes = types is null ? null : BtfSpec.Parse(File.ReadAllBytes(types));
        var unknown = spec.Programs.Keys.Except(verdicts.Keys).Select(name => $"{file}: {name} is no program to libbpf");
        return [.. unknown, .. verdicts.SelectMany(v => Of(spec, v.Key, v.Value, kernelTypes).Select(d => $"{Path.GetFileName(file)}: {v.Key}: {d}"))];
    }

    private static IEnumerable<string> Of(ObjectSpec spec, string name, Libbpf.Verdict theirs, BtfSpec? types)
    {
        if (!spec.Programs.TryGetValue(name, out var program))
        {
            return ["it is no program here"];
        }

        try
        {
            using var loaded = BpfObject.Load(spec, new() { Only = program, PinFolder = null, KernelTypes = types });
            return theirs.Error != 0 ? [$"libbpf is refused, {theirs.Error}, and this loader is not"] : Of(loaded.Results[0].Code, theirs.Code);
        }
        catch (BpfException e)
        {
            var errno = (e as KernelException)?.Errno ?? 0;
            return theirs.Error == 0 || (errno != 0 && errno != theirs.Error)
                ? [$"here {errno}, with libbpf {theirs.Error}: {e.Message}"]
                : [];
        }
    }

    private static IEnumerable<string> Of(Instruction[] ours, Instruction[] theirs)
    {
        if (ours.Length != theirs.Length)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"{ours.Length} instructions here, {theirs.Length} with libbpf");
            yield break;
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
                yield return string.Create(CultureInfo.InvariantCulture, $"instruction {i} is {a} here, {b} with libbpf");
                yield break;
            }
        }
    }
}
