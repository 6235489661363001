using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Weft.Bpf;
using Weft.Bpf.Kernel;

namespace Weft.Kernel.Guest.Checks;

/// <summary>Control groups and the loopback interface.</summary>
internal static class NetworkChecks
{
    private const string Root = "/sys/fs/cgroup";
    private const string Group = Root + "/weft";
    private const int Loopback = 1;
    private const int NotPermitted = 1;

    public static IEnumerable<Check> All =>
    [
        new("cgroup-packet", () => CgroupPacket(LinuxKernel.Instance)),
        new("cgroup-device", () => InGroup(Device)),
        new("cgroup-connect", () => InGroup(Connect)),
        new("xdp", Xdp),
        new("tcx", Tcx),
    ];

    public static void CgroupPacket(IKernel kernel) =>
        InGroup(() => Fires("by_cgroup_packet", program => Attach.Cgroup(program, Group), kernel));

    private static void Fires(string program, Func<BpfProgram, BpfLink> attach, IKernel? kernel = null)
    {
        using var hook = Hook.Load(program, kernel);
        hook.Fires(attach, SendPacket);
    }

    private static void Xdp()
    {
        Fires("by_xdp", program => Attach.Xdp(program, Loopback, XdpMode.Generic));
        using var hook = Hook.Load("by_xdp");
        using var first = Attach.Xdp(hook.Program, Loopback, XdpMode.Generic);
        var error = Check.Throws<KernelException>(() => Attach.Xdp(hook.Program, Loopback, XdpMode.Generic));
        Check.Holds(error.Message.Contains("another program is attached", StringComparison.Ordinal), error.Message);
    }

    private static void Tcx()
    {
        if (Machine.Version < new Version(6, 6))
        {
            using var hook = Hook.Load("by_tcx");
            var error = Check.Throws<KernelException>(() => Attach.Tcx(hook.Program, Loopback, AttachType.TcxIngress));
            Check.Holds(error.Message.Contains("TCX needs Linux 6.6", StringComparison.Ordinal), error.Message);
            throw new SkipException("came with Linux 6.6; it was refused with the reason");
        }

        Fires("by_tcx", program => Attach.Tcx(program, Loopback, AttachType.TcxIngress));
        Fires("by_tcx", program => Attach.Tcx(program, Loopback, AttachType.TcxEgress));
    }

    private static void Device()
    {
        const ulong Null = (1 << 8) | 3;
        const uint CharacterDevice = 0x2000 | 0x1B6;
        using var hook = Hook.Load("by_cgroup_device");
        using (Attach.Cgroup(hook.Program, Group))
        {
            Check.Equal(-1, Native.MakeNode("/tmp/null", CharacterDevice, Null), "mknod");
            Check.Equal(NotPermitted, Marshal.GetLastPInvokeError(), "the error of mknod");
        }

        Check.Equal(3, hook.Number, "the minor number");
        Check.Equal(0, Native.MakeNode("/tmp/null", CharacterDevice, Null), "mknod when nothing denies it");
        File.Delete("/tmp/null");
    }

    private static void Connect()
    {
        using var hook = Hook.Load("by_cgroup_connect");
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        using (Attach.Cgroup(hook.Program, Group))
        {
            var error = Check.Throws<SocketException>(() => socket.Connect(IPAddress.Loopback, 9));
            Check.Equal(SocketError.AccessDenied, error.SocketErrorCode, "the error of connect");
        }

        Check.Equal(IPAddress.HostToNetworkOrder((short)9), (short)hook.Number, "the port");
        socket.Connect(IPAddress.Loopback, 9);
    }

    private static void SendPacket()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        socket.SendTo("x"u8, socket.LocalEndPoint!);
        Check.Equal(1, socket.Receive(new byte[8]), "bytes received");
    }

    private static void InGroup(Action action)
    {
        Directory.CreateDirectory(Group);
        Move(Group);
        try
        {
            action();
        }
        finally
        {
            Move(Root);
            Directory.Delete(Group);
        }
    }

    private static void Move(string group) => File.WriteAllText(group + "/cgroup.procs", "0");
}
