using Weft.Bpf.Kernel;

namespace Weft.Bpf.Features;

/// <summary>Whether a kernel takes programs of a type.</summary>
internal static class ProgramProbe
{
    private const uint Sleepable = 1 << 4;

    public static FeatureAnswer Ask(IKernel kernel, ProgramType type) => type switch
    {
        ProgramType.Extension => AskByLog(kernel, type, "Cannot replace kernel functions"),
        ProgramType.StructOps => AskByLog(kernel, type, "attach_btf_id"),
        _ when Missing(kernel, type) is { } answer => answer,
        _ => Judgement.OfDescriptor(kernel, TinyProgram.Load(kernel, type, attributes: Attributes(kernel, type)), "load"),
    };

    /// <summary>What programs of a type must have beside their instructions.</summary>
    public static ProgramLoadAttributes Attributes(IKernel kernel, ProgramType type) => type switch
    {
        ProgramType.Kprobe => new() { KernelVersion = FeatureCache.Of(kernel).Version },
        ProgramType.CgroupSocketAddress => Expecting(AttachType.CgroupInet4Connect),
        ProgramType.CgroupSocketOption => Expecting(AttachType.CgroupGetSocketOption),
        ProgramType.SkLookup => Expecting(AttachType.SkLookup),
        ProgramType.Netfilter => Expecting(AttachType.Netfilter),
        ProgramType.Syscall => new() { Flags = Sleepable },
        ProgramType.Tracing => Expecting(AttachType.TraceRawTracepoint, FeatureCache.Of(kernel).Targets.Tracepoint),
        ProgramType.Lsm => Expecting(AttachType.LsmMac, FeatureCache.Of(kernel).Targets.SecurityHook),
        _ => default,
    };

    public static ProgramLoadAttributes Expecting(AttachType attach, uint target = 0) =>
        new() { ExpectedAttachType = (uint)attach, AttachType = target };

    private static FeatureAnswer.Refused? Missing(IKernel kernel, ProgramType type) =>
        type is ProgramType.Tracing or ProgramType.Lsm && Attributes(kernel, type).AttachType == 0
            ? new FeatureAnswer.Refused(Errno.NoEntry, "types")
            : null;

    // A whole program of these types is more than a few instructions; but the verifier, which a kernel that does not know
    // the type never calls, tells what it misses.
    private static FeatureAnswer AskByLog(IKernel kernel, ProgramType type, string complaint)
    {
        var result = TinyProgram.Load(kernel, type, default, new() { AttachType = 1 }, out var log);
        return log.Contains(complaint, StringComparison.Ordinal) ? Judgement.Yes : Judgement.OfDescriptor(kernel, result, "load");
    }
}
