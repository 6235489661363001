using System.Runtime.InteropServices;

namespace Weft.Bpf;

/// <summary>The attributes of <c>BPF_LINK_CREATE</c>. What stands from byte 16 on depends on the attach type.</summary>
[StructLayout(LayoutKind.Explicit, Size = 32)]
internal struct LinkCreateAttributes
{
    [FieldOffset(0)]
    public uint Program;

    /// <summary>A descriptor, or the index of an interface.</summary>
    [FieldOffset(4)]
    public uint Target;

    [FieldOffset(8)]
    public uint AttachType;

    [FieldOffset(12)]
    public uint Flags;

    /// <summary>Of a perf event. Linux 5.15.</summary>
    [FieldOffset(16)]
    public ulong EventCookie;

    /// <summary>Of a function of another program: the type of the function, in that program's types. Linux 5.10.</summary>
    [FieldOffset(16)]
    public uint TargetType;

    /// <summary>Of TCX: the program or link beside which this one goes.</summary>
    [FieldOffset(16)]
    public uint Relative;

    /// <summary>Of netfilter: <c>NFPROTO_…</c>. Linux 6.4, as the three below.</summary>
    [FieldOffset(16)]
    public uint Family;

    [FieldOffset(20)]
    public uint HookNumber;

    [FieldOffset(24)]
    public int Priority;

    [FieldOffset(28)]
    public uint NetfilterFlags;

    /// <summary>Of a function of the kernel's. Linux 5.19.</summary>
    [FieldOffset(24)]
    public ulong TracingCookie;
}

/// <summary>The attributes of <c>BPF_LINK_CREATE</c> for many functions of the kernel's. Linux 5.18.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct KernelFunctionsAttributes
{
    public uint Program;
    public uint Target;
    public uint AttachType;
    public uint LinkFlags;

    /// <summary>1 for their returns.</summary>
    public uint Flags;
    public uint Count;

    /// <summary>Addresses of the names, or 0.</summary>
    public ulong Names;
    public ulong Addresses;
    public ulong Cookies;
}

/// <summary>The attributes of <c>BPF_LINK_CREATE</c> for many functions of a file. Linux 6.6.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct UserFunctionsAttributes
{
    public uint Program;
    public uint Target;
    public uint AttachType;
    public uint LinkFlags;
    public ulong Path;
    public ulong Offsets;
    public ulong Counters;
    public ulong Cookies;
    public uint Count;

    /// <summary>1 for their returns.</summary>
    public uint Flags;

    /// <summary>0 for all.</summary>
    public uint Process;
    public uint Unused;
}

/// <summary>The attributes of <c>BPF_RAW_TRACEPOINT_OPEN</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct RawTracepointAttributes
{
    public ulong Name;
    public uint Program;
    public uint Unused;

    /// <summary>Linux 6.10.</summary>
    public ulong Cookie;
}

/// <summary>The attributes of <c>BPF_LINK_UPDATE</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct LinkUpdateAttributes
{
    public uint Link;
    public uint Program;
    public uint Flags;
    public uint OldProgram;
}

/// <summary>The attributes of <c>BPF_PROG_ATTACH</c> and <c>BPF_PROG_DETACH</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct ProgramAttachAttributes
{
    public uint Target;
    public uint Program;
    public uint AttachType;
    public uint Flags;
}

/// <summary>The attributes of commands on one descriptor: <c>BPF_LINK_DETACH</c>, <c>BPF_ITER_CREATE</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct DescriptorAttributes
{
    public uint Descriptor;
    public uint Flags;
}

/// <summary>The attributes of <c>BPF_OBJ_PIN</c> and <c>BPF_OBJ_GET</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct PathAttributes
{
    public ulong Path;
    public uint Descriptor;
    public uint Flags;
}

/// <summary>The attributes of <c>BPF_OBJ_GET_INFO_BY_FD</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct InfoAttributes
{
    public uint Descriptor;
    public uint Size;
    public ulong Address;
}

/// <summary>What the kernel tells of every link; the rest depends on its type.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct LinkInfoHead
{
    public uint Type;
    public uint Id;
    public uint Program;
    public uint Unused;
}
