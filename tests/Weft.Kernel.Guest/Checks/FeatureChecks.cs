using Weft.Bpf.Features;

namespace Weft.Kernel.Guest.Checks;

/// <summary>What the library says of the kernel, compared with what is known of its version.</summary>
internal static class FeatureChecks
{
    // As the documentation of KernelFeature has it. Those before 5.0 go without saying.
    private static readonly Dictionary<KernelFeature, Version> Since = new()
    {
        [KernelFeature.TypesOfGlobalFunctions] = new(5, 6),
        [KernelFeature.TypesOfFloats] = new(5, 13),
        [KernelFeature.DeclarationTags] = new(5, 16),
        [KernelFeature.TypeTags] = new(5, 17),
        [KernelFeature.Enum64] = new(6, 0),
        [KernelFeature.ModuleTypes] = new(5, 11),
        [KernelFeature.InstructionSetV4] = new(6, 6),
        [KernelFeature.Cookie] = new(5, 15),
        [KernelFeature.MemoryByControlGroup] = new(5, 11),
        [KernelFeature.Tokens] = new(6, 9),
        [KernelFeature.PerfEventLink] = new(5, 15),
        [KernelFeature.KprobeMultiLink] = new(5, 18),
        [KernelFeature.UprobeMultiLink] = new(6, 6),
        [KernelFeature.TcxLink] = new(6, 6),
        [KernelFeature.NetkitLink] = new(6, 7),
        [KernelFeature.KprobeSessionLink] = new(6, 10),
        [KernelFeature.UprobeSessionLink] = new(6, 13),
        [KernelFeature.UprobeMultiProcess] = new(6, 10),
        [KernelFeature.StructOpsLink] = new(6, 4),
    };

    public static IEnumerable<Check> All(Report report) =>
    [
        .. Enum.GetValues<KernelFeature>().Select(feature => new Check($"feature-{feature}", () => Agrees(feature))),
        new("features-all", () => AskAll(report)),
    ];

    // Debian builds some kernels without it.
    private static readonly Dictionary<KernelFeature, string> Settings = new()
    {
        [KernelFeature.KprobeMultiLink] = "CONFIG_FPROBE",
        [KernelFeature.KprobeSessionLink] = "CONFIG_FPROBE",
        [KernelFeature.NetkitLink] = "CONFIG_NETKIT",
        [KernelFeature.ModuleTypes] = "CONFIG_DEBUG_INFO_BTF_MODULES",
    };

    private static void Agrees(KernelFeature feature)
    {
        if (feature == KernelFeature.AttachSecurityHook && !Machine.HasSecurityPrograms)
        {
            throw new SkipException("this kernel was started without programs for its security hooks");
        }

        var answer = KernelFeatures.Of(feature);
        var isWanted = !Since.TryGetValue(feature, out var since) || Machine.Version >= since;
        isWanted = isWanted && (!Settings.TryGetValue(feature, out var setting) || Machine.HasSetting(setting));
        Check.Holds(isWanted ? answer.IsYes : answer is FeatureAnswer.Refused, $"{feature} came with {since}, the answer is: {answer}");
    }

    private static void AskAll(Report report)
    {
        var started = Machine.Age;
        var all = KernelFeatures.All().ToList();
        foreach (var (name, group, answer) in all.Where(a => a.Answer is FeatureAnswer.Unknown && a.Group is not ("helper/struct_ops" or "helper/extension")))
        {
            report.Note($"{group} {name}: {answer}");
        }

        report.Note($"{all.Count} questions, begun after {started}: {all.Count(a => a.Answer.IsYes)} yes, "
            + $"{all.Count(a => a.Answer is FeatureAnswer.Refused)} refused, {all.Count(a => a.Answer is FeatureAnswer.Unknown)} unknown");
        Check.Holds(all.Count > 1000, "there are more than a thousand questions");
    }
}
