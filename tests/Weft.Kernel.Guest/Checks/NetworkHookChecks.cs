using System.Net;
using System.Net.Sockets;
using Weft.Bpf;
using Weft.Bpf.Kernel;
using Weft.Bpf.Netlink;

namespace Weft.Kernel.Guest.Checks;

/// <summary>Hooks of networks that came late, or that older kernels have without links.</summary>
internal static class NetworkHookChecks
{
    private const string Group = "/sys/fs/cgroup/weft-hooks";

    public static IEnumerable<Check> All =>
    [
        new("sk-lookup", () => Fires("by_lookup", loaded => Attach.NetworkNamespace(loaded.Programs["by_lookup"]), SendPacket)),
        new("sk-msg", SocketMessages),
        new("netfilter", Netfilter),
        new("lsm-cgroup", SecurityOfGroup),
        new("flow-dissector", FlowDissector),
        new("netkit", Netkit),
    ];

    private static void Fires(string program, Func<BpfObject, BpfLink> attach, Action action)
    {
        var spec = ObjectSpec.Open("/objects/networks.o");
        using var loaded = BpfObject.Load(spec, new() { Only = spec.Programs[program] });
        using (attach(loaded))
        {
            action();
        }

        var count = Count(loaded);
        Check.Holds(count > 0, $"{program} ran");
        action();
        Check.Equal(count, Count(loaded), "runs after it is detached");
    }

    private static long Count(BpfObject loaded)
    {
        var value = new byte[8];
        Check.Holds(loaded.Maps["seen"].TryLookup(stackalloc byte[4], value), "there is an element");
        return BitConverter.ToInt64(value);
    }

    private static void SocketMessages()
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        using var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        client.Connect(listener.LocalEndPoint!);
        using var server = listener.Accept();
        using var sockets = BpfMap.Create(new() { Name = "sockets", Type = MapType.SocketMap, KeySize = 4, ValueSize = 4, MaxEntries = 1 });
        Fires("by_message", loaded => Attach.SocketMap(loaded.Programs["by_message"], sockets), () =>
        {
            // A socket takes the map's programs along when it comes in, and keeps them until it leaves.
            sockets.Update(new byte[4], BitConverter.GetBytes((int)client.Handle));
            client.Send("x"u8);
            Check.Equal(1, server.Receive(new byte[8]), "bytes received");
            sockets.TryDelete(new byte[4]);
        });
    }

    private static void Netfilter()
    {
        Check.NeedsLinux(6, 4);
        Fires(
            "by_netfilter",
            loaded => Attach.Netfilter(loaded.Programs["by_netfilter"], NetfilterFamily.IPv4, NetfilterHook.LocalIn, 10),
            SendPacket);
    }

    private static void SecurityOfGroup()
    {
        Check.NeedsLinux(6, 0);
        Directory.CreateDirectory(Group);
        File.WriteAllText(Group + "/cgroup.procs", "0");
        try
        {
            Fires("by_lsm_cgroup", loaded => Attach.Cgroup(loaded.Programs["by_lsm_cgroup"], Group), SendPacket);
        }
        finally
        {
            File.WriteAllText("/sys/fs/cgroup/cgroup.procs", "0");
            Directory.Delete(Group);
        }
    }

    private static void FlowDissector() => Fires(
        "by_dissector", loaded => Attach.NetworkNamespace(loaded.Programs["by_dissector"]), () => SendRaw(1));

    private static void Netkit()
    {
        Check.NeedsLinux(6, 7);
        var kernel = LinuxKernel.Instance;
        using (var socket = new NetlinkSocket(kernel, "netkit"))
        {
            // RTM_NEWLINK with IFLA_IFNAME, and IFLA_LINKINFO with its kind.
            var request = new NetlinkRequest(16, NetlinkFlags.Request | NetlinkFlags.Acknowledge | NetlinkFlags.Create | NetlinkFlags.Exclusive)
                .Add(default(UInt128)).Text(3, "weft0").Nested(18, info => info.Text(1, "netkit"));
            var end = socket.Ask(request);
            Check.Holds(end.Result == 0, $"a netkit device is made: {end}");
        }

        Machine.Raise("weft0");
        var peer = Directory.GetDirectories("/sys/class/net").Select(Path.GetFileName).First(name => name!.StartsWith("nk", StringComparison.Ordinal));
        Machine.Raise(peer!);
        var index = int.Parse(File.ReadAllText("/sys/class/net/weft0/ifindex"), System.Globalization.CultureInfo.InvariantCulture);
        Fires("by_netkit", loaded => Attach.Netkit(loaded.Programs["by_netkit"], index, AttachType.NetkitPrimary), () => SendRaw(index));
    }

    /// <summary>Sends an IPv4 packet by an interface, whose parts the kernel must find by itself.</summary>
    private static void SendRaw(int device)
    {
        var address = new SocketAddress(AddressFamily.Packet, 20);
        (address[2], address[3], address[4]) = (8, 0, (byte)device);
        using var socket = new Socket(AddressFamily.Packet, SocketType.Dgram, 0);
        var packet = new byte[28];
        (packet[0], packet[3], packet[8], packet[9], packet[12], packet[16]) = (0x45, 28, 64, 17, 127, 127);
        Check.Equal(28, socket.SendTo(packet, SocketFlags.None, address), "bytes sent");
    }

    private static void SendPacket()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        socket.SendTo("x"u8, socket.LocalEndPoint!);
        Check.Equal(1, socket.Receive(new byte[8]), "bytes received");
    }
}
