using Weft.Bpf.Kernel;

namespace Weft.Bpf;

public static partial class Attach
{
    private const int Folder = 0x10000;
    private const uint AllowOverride = 1;
    private const uint AllowMulti = 2;

    // O_DIRECTORY has another number on arm64.
    private static readonly int FolderFlag =
        System.Runtime.InteropServices.RuntimeInformation.ProcessArchitecture
            == System.Runtime.InteropServices.Architecture.Arm64 ? 0x4000 : Folder;

    /// <summary>
    /// Attaches to a control group of version 2 and all below it. Linux 4.10; a link since 5.7, before which the program
    /// stays attached where the process is killed. Needs <c>CAP_BPF</c> and <c>CAP_NET_ADMIN</c>.
    /// </summary>
    /// <param name="program">
    /// A program of one of the cgroup types, or of <c>lsm_cgroup/…</c> (Linux 6.0); its <see cref="BpfProgram.AttachType"/> says where.
    /// </param>
    /// <param name="path">The folder of the group, such as <c>/sys/fs/cgroup/system.slice</c>.</param>
    /// <exception cref="KernelException">The kernel refused it, or there is no such folder.</exception>
    public static BpfLink Cgroup(BpfProgram program, string path)
    {
        var result = program.Kernel.Open(path, FolderFlag);
        if (result < 0)
        {
            throw AttachHints.Refused(
                result, $"cgroup {path}", "open", result == -Errno.NoEntry ? "there is no such control group" : null);
        }

        using var group = BpfDescriptor.Of(program.Kernel, result, $"cgroup {path}");
        return Cgroup(program, group, $"cgroup {path}: {program.AttachType}");
    }

    /// <inheritdoc cref="Cgroup(BpfProgram, string)"/>
    /// <param name="group">A descriptor of the folder of the group, which stays the caller's.</param>
    public static BpfLink Cgroup(BpfProgram program, BpfDescriptor group) =>
        Cgroup(program, group, $"cgroup: {program.AttachType}");

    /// <summary>Attaches to an interface, before packets have a structure in the kernel. Linux 5.9; needs <c>CAP_NET_ADMIN</c>.</summary>
    /// <param name="program">A program of type <see cref="ProgramType.Xdp"/>.</param>
    /// <param name="device">The index of the interface.</param>
    /// <param name="mode">Who runs it.</param>
    /// <exception cref="KernelException">The kernel refused it: another program may be attached there.</exception>
    public static BpfLink Xdp(BpfProgram program, int device, XdpMode mode = XdpMode.Any)
    {
        var result = LinkCalls.Create(
            program, new() { Target = (uint)device, AttachType = (uint)AttachType.Xdp, Flags = (uint)mode });
        return Linked(program, result, $"xdp of interface {device}", "link_create", result switch
        {
            -Errno.Busy => "another program is attached to the interface",
            -Errno.NotSupported => "the driver of the interface cannot do it in this mode",
            -Errno.Invalid => "links of XDP need Linux 5.9",
            _ => null,
        });
    }

    /// <summary>Attaches to what an interface receives or sends, beside other programs. Linux 6.6; needs <c>CAP_NET_ADMIN</c>.</summary>
    /// <param name="program">A program of type <see cref="ProgramType.SchedClassifier"/>.</param>
    /// <param name="device">The index of the interface.</param>
    /// <param name="direction"><see cref="AttachType.TcxIngress"/> or <see cref="AttachType.TcxEgress"/>.</param>
    /// <param name="anchor">Its place among the others; null for the end.</param>
    /// <exception cref="KernelException">The kernel refused it.</exception>
    public static BpfLink Tcx(BpfProgram program, int device, AttachType direction, TcxAnchor? anchor = null)
    {
        return Beside(
            program, device, OnlyTcx(direction), anchor, $"tcx of interface {device}",
            "TCX needs Linux 6.6; before, Attach.TrafficControl does it");
    }

    /// <summary>
    /// Attaches to a netkit device, beside other programs: they see what it or its peer sends before it comes to the other
    /// side. Linux 6.7; needs <c>CAP_NET_ADMIN</c>.
    /// </summary>
    /// <param name="program">A program of type <see cref="ProgramType.SchedClassifier"/>.</param>
    /// <param name="device">The index of the primary device of the pair, also for its peer.</param>
    /// <param name="side"><see cref="AttachType.NetkitPrimary"/> or <see cref="AttachType.NetkitPeer"/>: whose packets.</param>
    /// <param name="anchor">Its place among the others; null for the end.</param>
    /// <exception cref="KernelException">The kernel refused it.</exception>
    public static BpfLink Netkit(BpfProgram program, int device, AttachType side, TcxAnchor? anchor = null) => Beside(
        program,
        device,
        side is AttachType.NetkitPrimary or AttachType.NetkitPeer
            ? side
            : throw new ArgumentOutOfRangeException(nameof(side), side, "It is NetkitPrimary or NetkitPeer."),
        anchor,
        $"netkit {(side == AttachType.NetkitPeer ? "peer" : "primary")} of interface {device}",
        "it needs Linux 6.7 with CONFIG_NETKIT, and the primary device of a pair of kind netkit");

    private static KernelLink Beside(
        BpfProgram program, int device, AttachType where, TcxAnchor? anchor, string hook, string invalid)
    {
        var attributes = new LinkCreateAttributes { Target = (uint)device, AttachType = (uint)where };
        anchor?.WriteTo(ref attributes);
        var result = LinkCalls.Create(program, attributes);
        GC.KeepAlive(anchor);
        return Linked(program, result, hook, "link_create", result switch
        {
            -Errno.Invalid or -Errno.NotSupported or -Errno.Access => invalid,
            -Errno.NoEntry => "what it should stand beside is not attached there",
            _ => null,
        });
    }

    private static BpfLink Cgroup(BpfProgram program, BpfDescriptor group, string hook)
    {
        if (TryCgroupLink(program, group, hook) is { } link)
        {
            return link;
        }

        // A link holds the group itself; here its descriptor is needed to detach. Groups share programs since 4.15; before,
        // those below one might at most have others.
        return ByDescriptor(program, group, hook, "for control groups (Linux 5.7)", AllowMulti, AllowOverride, 0);
    }

    private static KernelLink? TryCgroupLink(BpfProgram program, BpfDescriptor group, string hook)
    {
        var result = LinkCalls.Create(program, new() { Target = (uint)group.Number, AttachType = (uint)program.AttachType });
        return result == -Errno.Invalid
            ? null
            : Linked(
                program, result, hook, "link_create", result == -Errno.BadDescriptor ? "it is no control group of version 2" : null);
    }

    /// <summary>The older way to attach.</summary>
    /// <param name="target">Stays the caller's.</param>
    private static OlderLink ByDescriptor(
        BpfProgram program, BpfDescriptor target, string hook, string why, params ReadOnlySpan<uint> flags)
    {
        var copy = OlderLink.Copy(program.Kernel, target, hook);
        try
        {
            return OlderLink.Attach(program, copy, hook, why, _ => null, flags);
        }
        catch
        {
            copy.Dispose();
            throw;
        }
    }
}
