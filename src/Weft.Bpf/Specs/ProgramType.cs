namespace Weft.Bpf;

/// <summary>What a program is, numbered as <c>enum bpf_prog_type</c>.</summary>
public enum ProgramType
{
#pragma warning disable CS1591 // They are the kernel's names.
    Unspecified = 0,
    SocketFilter = 1,
    Kprobe = 2,
    SchedClassifier = 3,
    SchedAction = 4,
    Tracepoint = 5,
    Xdp = 6,
    PerfEvent = 7,
    CgroupSkb = 8,
    CgroupSocket = 9,
    LwtIn = 10,
    LwtOut = 11,
    LwtXmit = 12,
    SocketOps = 13,
    SkSkb = 14,
    CgroupDevice = 15,
    SkMessage = 16,
    RawTracepoint = 17,
    CgroupSocketAddress = 18,
    LwtSeg6Local = 19,
    LircMode2 = 20,
    SkReuseport = 21,
    FlowDissector = 22,
    CgroupSysctl = 23,
    RawTracepointWritable = 24,
    CgroupSocketOption = 25,
    Tracing = 26,
    StructOps = 27,
    Extension = 28,
    Lsm = 29,
    SkLookup = 30,
    Syscall = 31,
    Netfilter = 32,
#pragma warning restore CS1591
}
