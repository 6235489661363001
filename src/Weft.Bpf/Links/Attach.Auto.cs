using System.Runtime.InteropServices;

namespace Weft.Bpf;

public static partial class Attach
{
    /// <summary>
    /// Attaches a program to what its section names: <c>tp/</c>, <c>tracepoint/</c>, <c>raw_tp/</c>, <c>raw_tracepoint/</c>,
    /// <c>tp_btf/</c>, <c>fentry/</c>, <c>fexit/</c>, <c>fmod_ret/</c>, <c>lsm/</c>, <c>kprobe/</c>, <c>kretprobe/</c>,
    /// <c>ksyscall/</c>, <c>kretsyscall/</c>, <c>uprobe/</c>, <c>uretprobe/</c>, <c>usdt/</c>, <c>iter/</c>, <c>freplace/</c>, and,
    /// with patterns, <c>kprobe.multi/</c>, <c>kretprobe.multi/</c>, <c>kprobe.session/</c>, <c>uprobe.multi/</c>,
    /// <c>uretprobe.multi/</c> and <c>uprobe.session/</c>.
    /// </summary>
    /// <param name="program">
    /// The program. One that libbpf has loaded is attached by libbpf, which knows more kinds of sections: <c>usdt/</c>,
    /// <c>kprobe.multi/</c> and so on, by its version.
    /// </param>
    /// <exception cref="KernelException">The kernel refused it.</exception>
    /// <exception cref="BpfNotSupportedException">Its section does not say where, or not all of it: a cgroup, an interface.</exception>
    public static BpfLink Auto(BpfProgram program)
    {
        if (program.Native is { } native)
        {
            return native.Attach(program) ?? throw Unknown(program, Advice(program.Type));
        }

        var (kind, target) = Split(program);
        return kind switch
        {
            "tp_btf" or "fentry" or "fexit" or "fmod_ret" or "lsm" => Tracing(program),
            "iter" => Iterator(program),
            "freplace" => Freplace(program),
            _ when target.Length == 0 => throw Unknown(program, Advice(program.Type)),
            "raw_tp" or "raw_tracepoint" or "raw_tp.w" or "raw_tracepoint.w" => RawTracepoint(program, target),
            "tp" or "tracepoint" => target.Split('/', 2) is [var group, var name]
                ? Tracepoint(program, group, name)
                : throw Unknown(program, "a tracepoint is called group/name"),
            "kprobe" => Kprobe(program, UserPlace.SplitOffset(target).Name, UserPlace.SplitOffset(target).Offset),
            "kretprobe" => Kretprobe(program, target),
            "ksyscall" => Kprobe(program, SystemCall(program, target)),
            "kretsyscall" => Kretprobe(program, SystemCall(program, target)),
            "uprobe" => Uprobe(program, UserPlace.Parse(target)),
            "uretprobe" => Uretprobe(program, UserPlace.Parse(target)),
            "kprobe.multi" or "kprobe.session" => KprobeMulti(program, KernelFunctions.Matching(target)),
            "kretprobe.multi" => KretprobeMulti(program, KernelFunctions.Matching(target)),
            "uprobe.multi" or "uprobe.session" => UprobeMulti(program, Matching(program, target)),
            "uretprobe.multi" => UretprobeMulti(program, Matching(program, target)),
            "usdt" => Usdt(program, target),
            _ => throw Unknown(program, Advice(program.Type)),
        };
    }

    /// <summary>
    /// Gives a program to the kernel that writes something of each task, socket, map …: <see cref="BpfIterator"/> reads it.
    /// Linux 5.8.
    /// </summary>
    /// <param name="program">A program that was loaded for <c>iter/…</c>.</param>
    /// <exception cref="KernelException">The kernel refused it.</exception>
    public static BpfLink Iterator(BpfProgram program)
    {
        var result = LinkCalls.Create(program, new() { AttachType = (uint)AttachType.TraceIterator });
        return Linked(program, result, $"iter {program.Target ?? program.Name}", "link_create");
    }

    /// <summary>The kind, without the mark of those that may sleep, and what follows it.</summary>
    private static (string Kind, string Target) Split(BpfProgram program)
    {
        // A question mark: the program need not be loaded.
        var section = program.Section.TrimStart('?');
        var slash = section.IndexOf('/');
        var kind = slash < 0 ? section : section[..slash];
        return (kind.EndsWith(".s", StringComparison.Ordinal) ? kind[..^2] : kind,
            program.Target ?? (slash < 0 ? "" : section[(slash + 1)..]));
    }

    private static UserFunctions Matching(BpfProgram program, string target) => target.LastIndexOf(':') is var colon and > 0
        ? UserFunctions.Matching(target[..colon], target[(colon + 1)..])
        : throw Unknown(program, "functions are called path:pattern");

    private static string SystemCall(BpfProgram program, string name) => RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.X64 => "__x64_sys_" + name,
        Architecture.Arm64 => "__arm64_sys_" + name,
        var other => throw Unknown(program, $"what system calls are called on {other} is not known"),
    };

    private static string Advice(ProgramType type) => type switch
    {
        ProgramType.Kprobe or ProgramType.Tracepoint or ProgramType.RawTracepoint or ProgramType.RawTracepointWritable =>
            "its section does not say to what",
        ProgramType.Xdp => "an interface must be named: Attach.Xdp",
        ProgramType.SchedClassifier => "an interface must be named: Attach.Tcx, Attach.Netkit, Attach.TrafficControl",
        ProgramType.FlowDissector or ProgramType.SkLookup => "a network namespace must be named: Attach.NetworkNamespace",
        ProgramType.Netfilter => "a hook of netfilter must be named: Attach.Netfilter",
        ProgramType.SkMessage or ProgramType.SkSkb => "a map of sockets must be named: Attach.SocketMap",
        ProgramType.SocketFilter => "a socket must be named: Attach.SocketFilter",
        ProgramType.SkReuseport => "a socket must be named: Attach.ReusePort",
        ProgramType.Lsm => "a control group must be named: Attach.Cgroup",
        ProgramType.LwtIn or ProgramType.LwtOut or ProgramType.LwtXmit or ProgramType.LwtSeg6Local =>
            "a route names its program: pin it, and give it to ip route",
        ProgramType.PerfEvent => "an event must be named: Attach.CpuClock",
        ProgramType.CgroupSkb or ProgramType.CgroupSocket or ProgramType.CgroupDevice or ProgramType.CgroupSocketAddress
            or ProgramType.CgroupSysctl or ProgramType.CgroupSocketOption or ProgramType.SocketOps =>
            "a control group must be named: Attach.Cgroup",
        ProgramType.StructOps => "the structure that it is an operation of is attached: Attach.StructOps with its map",
        _ => "programs of this kind are not attached by their sections",
    };

    private static BpfNotSupportedException Unknown(BpfProgram program, string why) =>
        new($"attach {program.Name} of section '{program.Section}' ({program.Type}): {why}");
}
