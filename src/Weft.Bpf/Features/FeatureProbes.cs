using Weft.Bpf.Btf;
using Weft.Bpf.Kernel;

namespace Weft.Bpf.Features;

/// <summary>How each feature is tried.</summary>
internal static class FeatureProbes
{
    private const string PlainName = "weft_probe";
    private const string DottedName = "weft.probe";

    public static FeatureAnswer Ask(IKernel kernel, KernelFeature feature) =>
        OfTypes(kernel, feature) ?? OfPrograms(kernel, feature) ?? OfMaps(kernel, feature) ?? OfAttaching(kernel, feature)
        ?? throw new ArgumentOutOfRangeException(nameof(feature), feature, "it has no probe");

    private static FeatureAnswer? OfTypes(IKernel kernel, KernelFeature feature) => feature switch
    {
        KernelFeature.Types => MiscProbes.TakesTypes(kernel, TinyTypes.Number),
        KernelFeature.TypesOfFunctions => MiscProbes.TakesTypes(kernel, TinyTypes.Function(BtfLinkage.Static)),
        KernelFeature.TypesOfGlobalFunctions => MiscProbes.TakesTypes(kernel, TinyTypes.Function(BtfLinkage.Global)),
        KernelFeature.TypesOfSections => MiscProbes.TakesTypes(kernel, TinyTypes.DataSection),
        KernelFeature.TypesOfFloats => MiscProbes.TakesTypes(kernel, TinyTypes.Float),
        KernelFeature.DeclarationTags => MiscProbes.TakesTypes(kernel, TinyTypes.DeclarationTag),
        KernelFeature.TypeTags => MiscProbes.TakesTypes(kernel, TinyTypes.TypeTag),
        KernelFeature.Enum64 => MiscProbes.TakesTypes(kernel, TinyTypes.Enum64),
        KernelFeature.ModuleTypes => MiscProbes.ModuleTypes(kernel),
        KernelFeature.KernelTypes => MiscProbes.KernelTypes(kernel),
        _ => null,
    };

    private static FeatureAnswer? OfPrograms(IKernel kernel, KernelFeature feature) => feature switch
    {
        KernelFeature.GlobalData => MiscProbes.GlobalData(kernel),
        KernelFeature.ExpectedAttachType => MiscProbes.ExpectedAttachType(kernel),
        KernelFeature.BoundedLoops => MiscProbes.BoundedLoops(kernel),
        KernelFeature.LargePrograms => MiscProbes.LargePrograms(kernel),
        KernelFeature.InstructionSetV2 => MiscProbes.InstructionSetV2(kernel),
        KernelFeature.InstructionSetV3 => MiscProbes.InstructionSetV3(kernel),
        KernelFeature.InstructionSetV4 => MiscProbes.InstructionSetV4(kernel),
        KernelFeature.ProbeReadKernel => Helper(kernel, ProgramType.Tracepoint, "probe_read_kernel"),
        KernelFeature.Cookie => Helper(kernel, ProgramType.Tracepoint, "get_attach_cookie"),
        KernelFeature.MemoryByControlGroup => Helper(kernel, ProgramType.SocketFilter, "ktime_get_coarse_ns"),
        KernelFeature.Tokens => MiscProbes.Tokens(kernel),
        KernelFeature.RunStatistics => MiscProbes.RunStatistics(kernel),
        _ => null,
    };

    private static FeatureAnswer? OfMaps(IKernel kernel, KernelFeature feature) => feature switch
    {
        KernelFeature.Names => MiscProbes.Names(kernel, PlainName),
        KernelFeature.DottedNames => MiscProbes.Names(kernel, DottedName),
        KernelFeature.RingBuffer => KernelFeatures.MapType(MapType.RingBuffer, kernel),
        KernelFeature.MappableArrays => MiscProbes.MappableArrays(kernel),
        KernelFeature.Batches => MiscProbes.Batches(kernel),
        KernelFeature.BindMap => MiscProbes.BindMap(kernel),
        _ => null,
    };

    private static FeatureAnswer? OfAttaching(IKernel kernel, KernelFeature feature)
    {
        var targets = FeatureCache.Of(kernel).Targets;
        return feature switch
        {
            KernelFeature.AttachRawTracepoint => AttachProbes.RawTracepoint(kernel),
            KernelFeature.AttachTypedTracepoint => Tracing(AttachType.TraceRawTracepoint, targets.Tracepoint),
            KernelFeature.AttachFunctionEntry => Tracing(AttachType.TraceFentry, targets.Function),
            KernelFeature.AttachFunctionExit => Tracing(AttachType.TraceFexit, targets.Function),
            KernelFeature.AttachModifyReturn => Tracing(AttachType.ModifyReturn, targets.ModifiedFunction),
            KernelFeature.AttachSecurityHook => AttachProbes.Tracing(kernel, ProgramType.Lsm, AttachType.LsmMac, targets.SecurityHook),
            KernelFeature.AttachIterator => AttachProbes.Iterator(kernel, targets.Iterator),
            KernelFeature.AttachKprobe => PerfProbes.Kprobe(kernel),
            KernelFeature.AttachUprobe => PerfProbes.Uprobe(kernel),
            KernelFeature.PerfEventLink => PerfProbes.Link(kernel),
            KernelFeature.KprobeMultiLink => AttachProbes.KprobeMulti(kernel, AttachType.TraceKprobeMulti),
            KernelFeature.KprobeSessionLink => AttachProbes.KprobeMulti(kernel, AttachType.TraceKprobeSession),
            KernelFeature.UprobeMultiLink => AttachProbes.UprobeMulti(kernel, AttachType.TraceUprobeMulti),
            KernelFeature.UprobeSessionLink => AttachProbes.UprobeMulti(kernel, AttachType.TraceUprobeSession),
            KernelFeature.UprobeMultiProcess => AttachProbes.UprobeMultiProcess(kernel),
            KernelFeature.CgroupLink => AttachProbes.Cgroup(kernel),
            KernelFeature.TcxLink => AttachProbes.Device(kernel, AttachType.TcxIngress),
            KernelFeature.StructOpsLink => MapProbe.StructOpsLink(kernel),
            KernelFeature.NetkitLink => AttachProbes.Device(kernel, AttachType.NetkitPrimary),
            _ => null,
        };

        FeatureAnswer Tracing(AttachType attach, uint target) => AttachProbes.Tracing(kernel, ProgramType.Tracing, attach, target);
    }

    private static FeatureAnswer Helper(IKernel kernel, ProgramType type, string name) =>
        KernelFeatures.Helper(type, HelperNames.NumberOf(name), kernel);
}
