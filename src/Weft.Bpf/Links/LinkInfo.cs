namespace Weft.Bpf;

/// <summary>What the kernel tells of a link.</summary>
/// <param name="Type">What it is.</param>
/// <param name="Id">Its number, by which other programs find it.</param>
/// <param name="ProgramId">The number of its program.</param>
public readonly record struct LinkInfo(LinkType Type, uint Id, uint ProgramId);

/// <summary>What a link is, numbered as <c>enum bpf_link_type</c>.</summary>
public enum LinkType
{
#pragma warning disable CS1591 // They are the kernel's names.
    Unspecified = 0,
    RawTracepoint = 1,
    Tracing = 2,
    Cgroup = 3,
    Iterator = 4,
    NetworkNamespace = 5,
    Xdp = 6,
    PerfEvent = 7,
    KprobeMulti = 8,
    StructOps = 9,
    Netfilter = 10,
    Tcx = 11,
    UprobeMulti = 12,
    Netkit = 13,
    SocketMap = 14,
#pragma warning restore CS1591
}
