using System.Runtime.InteropServices;
using System.Text;
using Weft.Bpf.Kernel;

namespace Weft.Bpf.Features;

/// <summary>
/// Whether programs can be attached. Where that does no harm it is done, and undone at once; else a target that cannot exist
/// tells those kernels that look for it from those that do not know the link.
/// </summary>
internal static unsafe class AttachProbes
{
    private const int NoDevice = int.MaxValue;
    private const string Attach = "attach";

    public static FeatureAnswer RawTracepoint(IKernel kernel) =>
        With(kernel, ProgramType.RawTracepoint, default, program => OpenRaw(kernel, program, "sched_process_exit"));

    /// <summary>Programs that name their target when they are loaded.</summary>
    public static FeatureAnswer Tracing(IKernel kernel, ProgramType type, AttachType attach, uint target) => target == 0
        ? new FeatureAnswer.Refused(Errno.NoEntry, "types")
        : With(kernel, type, ProgramProbe.Expecting(attach, target), program => OpenRaw(kernel, program, null));

    public static FeatureAnswer Iterator(IKernel kernel, uint target) => target == 0
        ? new FeatureAnswer.Refused(Errno.NoEntry, "types")
        : With(kernel, ProgramType.Tracing, ProgramProbe.Expecting(AttachType.TraceIterator, target), program =>
            Judgement.OfDescriptor(kernel, Link(kernel, new() { Program = program, AttachType = (uint)AttachType.TraceIterator }), Attach));

    public static FeatureAnswer Cgroup(IKernel kernel) => With(kernel, ProgramType.CgroupSkb, default, program => Judgement.OfComplaint(
        kernel, Link(kernel, new() { Program = program, Target = -1 }), Errno.BadDescriptor, Attach));

    public static FeatureAnswer Device(IKernel kernel, AttachType attach) =>
        With(kernel, ProgramType.SchedClassifier, ProgramProbe.Expecting(attach), program => Judgement.OfComplaint(
            kernel, Link(kernel, new() { Program = program, Target = NoDevice, AttachType = (uint)attach }), Errno.NoDevice, Attach));

    /// <param name="attach">For the beginnings of functions, or also for their returns.</param>
    public static FeatureAnswer KprobeMulti(IKernel kernel, AttachType attach) =>
        With(kernel, ProgramType.Kprobe, KprobeExpecting(kernel, attach), program =>
        {
            fixed (byte* name = Encoding.UTF8.GetBytes(ProbeTargets.FunctionName + '\0'))
            {
                var symbols = (ulong)name;
                var link = new LinkAttributes { Program = program, AttachType = (uint)attach, SymbolCount = 1, Symbols = &symbols };
                return Judgement.OfDescriptor(kernel, Link(kernel, link), Attach);
            }
        });

    public static FeatureAnswer UprobeMulti(IKernel kernel, AttachType attach) =>
        With(kernel, ProgramType.Kprobe, KprobeExpecting(kernel, attach), program =>
            Judgement.OfComplaint(kernel, LinkToFolder(kernel, program, attach, 0), Errno.BadDescriptor, Attach));

    /// <summary>Only kernels that take the number for a process's, not for a thread's, refuse one below zero before they look at the file.</summary>
    public static FeatureAnswer UprobeMultiProcess(IKernel kernel) =>
        UprobeMulti(kernel, AttachType.TraceUprobeMulti) is not FeatureAnswer.Yes and var answer
            ? answer
            : With(kernel, ProgramType.Kprobe, KprobeExpecting(kernel, AttachType.TraceUprobeMulti), program =>
                LinkToFolder(kernel, program, AttachType.TraceUprobeMulti, -1) is var result && result == -Errno.Invalid
                    ? Judgement.Yes
                    : new FeatureAnswer.Refused((int)-result, Attach));

    private static long LinkToFolder(IKernel kernel, uint program, AttachType attach, int process)
    {
        fixed (byte* folder = "/\0"u8)
        {
            ulong offset = 0;
            return Link(kernel, new()
            {
                Program = program,
                AttachType = (uint)attach,
                Path = folder,
                Offsets = &offset,
                OffsetCount = 1,
                Process = process,
            });
        }
    }

    /// <summary>Loads a program, asks with it, and closes it.</summary>
    public static FeatureAnswer With(IKernel kernel, ProgramType type, ProgramLoadAttributes attributes, Func<uint, FeatureAnswer> ask)
    {
        var result = TinyProgram.Load(kernel, type, attributes: attributes);
        if (result < 0)
        {
            return Judgement.OfError(kernel, (int)-result, "load");
        }

        using var program = BpfDescriptor.Of(kernel, result, "");
        return ask((uint)program.Number);
    }

    /// <summary><c>BPF_LINK_CREATE</c>.</summary>
    public static long Link(IKernel kernel, LinkAttributes attributes) => kernel.Call(BpfCommand.LinkCreate, ref attributes);

    private static ProgramLoadAttributes KprobeExpecting(IKernel kernel, AttachType attach)
    {
        var attributes = ProgramProbe.Attributes(kernel, ProgramType.Kprobe);
        attributes.ExpectedAttachType = (uint)attach;
        return attributes;
    }

    private static FeatureAnswer OpenRaw(IKernel kernel, uint program, string? name)
    {
        fixed (byte* start = name is null ? null : Encoding.UTF8.GetBytes(name + '\0'))
        {
            var attributes = new RawTracepointAttributes { Name = start, Program = program };
            return Judgement.OfDescriptor(kernel, kernel.Call(BpfCommand.RawTracepointOpen, ref attributes), Attach);
        }
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct RawTracepointAttributes
    {
        public byte* Name;
        public uint Program;
        public uint Padding;
    }

    /// <summary>The attributes of <c>BPF_LINK_CREATE</c> as far as probes have them.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 64)]
    public struct LinkAttributes
    {
        [FieldOffset(0)]
        public uint Program;
        [FieldOffset(4)]
        public int Target;
        [FieldOffset(8)]
        public uint AttachType;
        [FieldOffset(12)]
        public uint Flags;
        [FieldOffset(20)]
        public uint SymbolCount;
        [FieldOffset(24)]
        public ulong* Symbols;
        [FieldOffset(16)]
        public byte* Path;
        [FieldOffset(24)]
        public ulong* Offsets;
        [FieldOffset(48)]
        public uint OffsetCount;
        [FieldOffset(56)]
        public int Process;
    }
}
