using System.Collections.Immutable;

namespace Weft.Bpf;

/// <summary>What the name of a section says of the programs in it, by the conventions of libbpf and of cilium/ebpf.</summary>
/// <param name="Type">What they are.</param>
/// <param name="AttachType">Where they expect to be attached.</param>
/// <param name="Target">What they are attached to; null where the name does not say.</param>
/// <param name="Traits">What else.</param>
internal sealed record SectionName(ProgramType Type, AttachType AttachType, string? Target, SectionTraits Traits)
{
    private static readonly ImmutableArray<(string Pattern, ProgramType Type, AttachType AttachType, SectionTraits Traits)> Table =
    [
        ("socket", ProgramType.SocketFilter, 0, 0),
        ("sk_reuseport/migrate", ProgramType.SkReuseport, AttachType.SkReuseportSelectOrMigrate, 0),
        ("sk_reuseport", ProgramType.SkReuseport, AttachType.SkReuseportSelect, 0),
        ("kprobe+", ProgramType.Kprobe, 0, 0),
        ("uprobe+", ProgramType.Kprobe, 0, 0),
        ("uprobe.s+", ProgramType.Kprobe, 0, SectionTraits.Sleepable),
        ("kretprobe+", ProgramType.Kprobe, 0, 0),
        ("uretprobe+", ProgramType.Kprobe, 0, 0),
        ("uretprobe.s+", ProgramType.Kprobe, 0, SectionTraits.Sleepable),
        ("kprobe.multi+", ProgramType.Kprobe, AttachType.TraceKprobeMulti, 0),
        ("kretprobe.multi+", ProgramType.Kprobe, AttachType.TraceKprobeMulti, 0),
        ("kprobe.session+", ProgramType.Kprobe, AttachType.TraceKprobeSession, 0),
        ("uprobe.multi+", ProgramType.Kprobe, AttachType.TraceUprobeMulti, 0),
        ("uretprobe.multi+", ProgramType.Kprobe, AttachType.TraceUprobeMulti, 0),
        ("uprobe.session+", ProgramType.Kprobe, AttachType.TraceUprobeSession, 0),
        ("uprobe.multi.s+", ProgramType.Kprobe, AttachType.TraceUprobeMulti, SectionTraits.Sleepable),
        ("uretprobe.multi.s+", ProgramType.Kprobe, AttachType.TraceUprobeMulti, SectionTraits.Sleepable),
        ("uprobe.session.s+", ProgramType.Kprobe, AttachType.TraceUprobeSession, SectionTraits.Sleepable),
        ("ksyscall+", ProgramType.Kprobe, 0, 0),
        ("kretsyscall+", ProgramType.Kprobe, 0, 0),
        ("usdt+", ProgramType.Kprobe, 0, SectionTraits.Usdt),
        ("usdt.s+", ProgramType.Kprobe, 0, SectionTraits.Usdt | SectionTraits.Sleepable),
        ("tc/ingress", ProgramType.SchedClassifier, AttachType.TcxIngress, 0),
        ("tc/egress", ProgramType.SchedClassifier, AttachType.TcxEgress, 0),
        ("tcx/ingress", ProgramType.SchedClassifier, AttachType.TcxIngress, 0),
        ("tcx/egress", ProgramType.SchedClassifier, AttachType.TcxEgress, 0),
        ("tc", ProgramType.SchedClassifier, 0, 0),
        ("classifier", ProgramType.SchedClassifier, 0, 0),
        ("action", ProgramType.SchedAction, 0, 0),
        ("netkit/primary", ProgramType.SchedClassifier, AttachType.NetkitPrimary, 0),
        ("netkit/peer", ProgramType.SchedClassifier, AttachType.NetkitPeer, 0),
        ("tracepoint+", ProgramType.Tracepoint, 0, 0),
        ("tp+", ProgramType.Tracepoint, 0, 0),
        ("raw_tracepoint+", ProgramType.RawTracepoint, 0, 0),
        ("raw_tp+", ProgramType.RawTracepoint, 0, 0),
        ("raw_tracepoint.w+", ProgramType.RawTracepointWritable, 0, 0),
        ("raw_tp.w+", ProgramType.RawTracepointWritable, 0, 0),
        ("tp_btf+", ProgramType.Tracing, AttachType.TraceRawTracepoint, SectionTraits.Btf),
        ("fentry+", ProgramType.Tracing, AttachType.TraceFentry, SectionTraits.Btf),
        ("fmod_ret+", ProgramType.Tracing, AttachType.ModifyReturn, SectionTraits.Btf),
        ("fexit+", ProgramType.Tracing, AttachType.TraceFexit, SectionTraits.Btf),
        ("fsession+", ProgramType.Tracing, AttachType.TraceFsession, SectionTraits.Btf),
        ("fentry.s+", ProgramType.Tracing, AttachType.TraceFentry, SectionTraits.Btf | SectionTraits.Sleepable),
        ("fmod_ret.s+", ProgramType.Tracing, AttachType.ModifyReturn, SectionTraits.Btf | SectionTraits.Sleepable),
        ("fexit.s+", ProgramType.Tracing, AttachType.TraceFexit, SectionTraits.Btf | SectionTraits.Sleepable),
        ("fsession.s+", ProgramType.Tracing, AttachType.TraceFsession, SectionTraits.Btf | SectionTraits.Sleepable),
        ("freplace+", ProgramType.Extension, 0, SectionTraits.Btf),
        ("lsm+", ProgramType.Lsm, AttachType.LsmMac, SectionTraits.Btf),
        ("lsm.s+", ProgramType.Lsm, AttachType.LsmMac, SectionTraits.Btf | SectionTraits.Sleepable),
        ("lsm_cgroup+", ProgramType.Lsm, AttachType.LsmCgroup, SectionTraits.Btf),
        ("iter+", ProgramType.Tracing, AttachType.TraceIterator, SectionTraits.Btf),
        ("iter.s+", ProgramType.Tracing, AttachType.TraceIterator, SectionTraits.Btf | SectionTraits.Sleepable),
        ("syscall", ProgramType.Syscall, 0, SectionTraits.Sleepable),
        ("xdp.frags/devmap", ProgramType.Xdp, AttachType.XdpDeviceMap, SectionTraits.Fragments),
        ("xdp/devmap", ProgramType.Xdp, AttachType.XdpDeviceMap, 0),
        ("xdp.frags/cpumap", ProgramType.Xdp, AttachType.XdpCpuMap, SectionTraits.Fragments),
        ("xdp/cpumap", ProgramType.Xdp, AttachType.XdpCpuMap, 0),
        ("xdp.frags", ProgramType.Xdp, AttachType.Xdp, SectionTraits.Fragments),
        ("xdp", ProgramType.Xdp, AttachType.Xdp, SectionTraits.OptionalAttachType),
        ("perf_event", ProgramType.PerfEvent, 0, 0),
        ("lwt_in", ProgramType.LwtIn, 0, 0),
        ("lwt_out", ProgramType.LwtOut, 0, 0),
        ("lwt_xmit", ProgramType.LwtXmit, 0, 0),
        ("lwt_seg6local", ProgramType.LwtSeg6Local, 0, 0),
        ("sockops", ProgramType.SocketOps, AttachType.CgroupSocketOps, SectionTraits.OptionalAttachType),
        ("sk_skb/stream_parser", ProgramType.SkSkb, AttachType.SkSkbStreamParser, SectionTraits.OptionalAttachType),
        ("sk_skb/stream_verdict", ProgramType.SkSkb, AttachType.SkSkbStreamVerdict, SectionTraits.OptionalAttachType),
        ("sk_skb/verdict", ProgramType.SkSkb, AttachType.SkSkbVerdict, SectionTraits.OptionalAttachType),
        ("sk_skb", ProgramType.SkSkb, 0, 0),
        ("sk_msg", ProgramType.SkMessage, AttachType.SkMessageVerdict, SectionTraits.OptionalAttachType),
        ("lirc_mode2", ProgramType.LircMode2, AttachType.LircMode2, SectionTraits.OptionalAttachType),
        ("flow_dissector", ProgramType.FlowDissector, AttachType.FlowDissector, SectionTraits.OptionalAttachType),
        ("cgroup_skb/ingress", ProgramType.CgroupSkb, AttachType.CgroupInetIngress, SectionTraits.OptionalAttachType),
        ("cgroup_skb/egress", ProgramType.CgroupSkb, AttachType.CgroupInetEgress, SectionTraits.OptionalAttachType),
        ("cgroup/skb", ProgramType.CgroupSkb, 0, 0),
        ("cgroup/sock_create", ProgramType.CgroupSocket, AttachType.CgroupInetSocketCreate, 0),
        ("cgroup/sock_release", ProgramType.CgroupSocket, AttachType.CgroupInetSocketRelease, 0),
        ("cgroup/sock", ProgramType.CgroupSocket, AttachType.CgroupInetSocketCreate, SectionTraits.OptionalAttachType),
        ("cgroup/post_bind4", ProgramType.CgroupSocket, AttachType.CgroupInet4PostBind, 0),
        ("cgroup/post_bind6", ProgramType.CgroupSocket, AttachType.CgroupInet6PostBind, 0),
        ("cgroup/bind4", ProgramType.CgroupSocketAddress, AttachType.CgroupInet4Bind, 0),
        ("cgroup/bind6", ProgramType.CgroupSocketAddress, AttachType.CgroupInet6Bind, 0),
        ("cgroup/connect4", ProgramType.CgroupSocketAddress, AttachType.CgroupInet4Connect, 0),
        ("cgroup/connect6", ProgramType.CgroupSocketAddress, AttachType.CgroupInet6Connect, 0),
        ("cgroup/connect_unix", ProgramType.CgroupSocketAddress, AttachType.CgroupUnixConnect, 0),
        ("cgroup/sendmsg4", ProgramType.CgroupSocketAddress, AttachType.CgroupUdp4SendMessage, 0),
        ("cgroup/sendmsg6", ProgramType.CgroupSocketAddress, AttachType.CgroupUdp6SendMessage, 0),
        ("cgroup/sendmsg_unix", ProgramType.CgroupSocketAddress, AttachType.CgroupUnixSendMessage, 0),
        ("cgroup/recvmsg4", ProgramType.CgroupSocketAddress, AttachType.CgroupUdp4ReceiveMessage, 0),
        ("cgroup/recvmsg6", ProgramType.CgroupSocketAddress, AttachType.CgroupUdp6ReceiveMessage, 0),
        ("cgroup/recvmsg_unix", ProgramType.CgroupSocketAddress, AttachType.CgroupUnixReceiveMessage, 0),
        ("cgroup/getpeername4", ProgramType.CgroupSocketAddress, AttachType.CgroupInet4GetPeerName, 0),
        ("cgroup/getpeername6", ProgramType.CgroupSocketAddress, AttachType.CgroupInet6GetPeerName, 0),
        ("cgroup/getpeername_unix", ProgramType.CgroupSocketAddress, AttachType.CgroupUnixGetPeerName, 0),
        ("cgroup/getsockname4", ProgramType.CgroupSocketAddress, AttachType.CgroupInet4GetSocketName, 0),
        ("cgroup/getsockname6", ProgramType.CgroupSocketAddress, AttachType.CgroupInet6GetSocketName, 0),
        ("cgroup/getsockname_unix", ProgramType.CgroupSocketAddress, AttachType.CgroupUnixGetSocketName, 0),
        ("cgroup/sysctl", ProgramType.CgroupSysctl, AttachType.CgroupSysctl, 0),
        ("cgroup/getsockopt", ProgramType.CgroupSocketOption, AttachType.CgroupGetSocketOption, 0),
        ("cgroup/setsockopt", ProgramType.CgroupSocketOption, AttachType.CgroupSetSocketOption, 0),
        ("cgroup/dev", ProgramType.CgroupDevice, AttachType.CgroupDevice, SectionTraits.OptionalAttachType),
        ("struct_ops+", ProgramType.StructOps, 0, 0),
        ("struct_ops.s+", ProgramType.StructOps, 0, SectionTraits.Sleepable),
        ("sk_lookup", ProgramType.SkLookup, AttachType.SkLookup, 0),
        ("netfilter", ProgramType.Netfilter, AttachType.Netfilter, 0),
    ];

    /// <summary>The names that are known; a + at the end stands for nothing, or for a / and what the programs are attached to.</summary>
    public static IEnumerable<string> Patterns => Table.Select(entry => entry.Pattern);

    /// <summary>What a section's name says, without a <c>?</c> before it; null where it says nothing.</summary>
    public static SectionName? Of(string name) =>
        Table.Where(e => Matches(e.Pattern, name)).Select(e => Named(e, name)).FirstOrDefault()

        // cilium/ebpf takes any of them with more behind a slash.
        ?? Table.Where(e => e.Pattern[^1] != '+' && name.StartsWith(e.Pattern + "/", StringComparison.Ordinal))
            .OrderByDescending(e => e.Pattern.Length).Select(e => Named(e, name)).FirstOrDefault();

    private static bool Matches(string pattern, string name) => pattern[^1] == '+'
        ? name.AsSpan().StartsWith(pattern.AsSpan(0, pattern.Length - 1))
            && (name.Length == pattern.Length - 1 || (name[pattern.Length - 1] == '/' && name.Length > pattern.Length))
        : name == pattern;

    private static SectionName Named((string Pattern, ProgramType Type, AttachType AttachType, SectionTraits Traits) entry, string name)
    {
        var start = entry.Pattern[^1] == '+' ? entry.Pattern.Length : entry.Pattern.Length + 1;
        return new(entry.Type, entry.AttachType, name.Length > start ? name[start..] : null, entry.Traits);
    }
}

/// <summary>What else the name of a section says.</summary>
[Flags]
internal enum SectionTraits
{
    /// <summary>The programs may sleep: <c>BPF_F_SLEEPABLE</c>.</summary>
    Sleepable = 1,

    /// <summary>They take packets of several pieces: <c>BPF_F_XDP_HAS_FRAGS</c>.</summary>
    Fragments = 2,

    /// <summary>What they are attached to is a type of the kernel's BTF.</summary>
    Btf = 4,

    /// <summary>Old kernels, which know no such attach type, load them without it.</summary>
    OptionalAttachType = 8,

    /// <summary>They are attached by one link to many places where the kernel can do it, else by one for each.</summary>
    Usdt = 16,
}
