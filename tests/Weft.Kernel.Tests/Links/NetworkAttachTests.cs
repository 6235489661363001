using System.Net.Sockets;
using Weft.Bpf;
using Weft.Bpf.Kernel;

namespace Weft.Kernel.Tests.Links;

public sealed class NetworkAttachTests
{
    [Fact]
    public void A_network_namespace_asks_which_socket_a_packet_is_for() => Apart.Run(() =>
    {
        Shell.Run("ip link set lo up");
        using var fired = new Fired();
        using var program = fired.Program(ProgramType.SkLookup, 1, 1, AttachType.SkLookup);
        using var other = fired.Program(ProgramType.SkLookup, 2, 1, AttachType.SkLookup);
        using (var link = Attach.NetworkNamespace(program))
        {
            Assert.Equal(LinkType.NetworkNamespace, link.Info.Type);
            Fired.Packet();
            Assert.Contains(1, fired.Numbers());
            link.Update(other);
            Fired.Packet();
            Assert.Equal([2], fired.Numbers().Distinct());
        }

        Fired.Packet();
        Assert.Empty(fired.Numbers());
        using (Attach.NetworkNamespace(program, $"/proc/self/task/{Native.Thread()}/ns/net"))
        {
            Fired.Packet();
            Assert.Contains(1, fired.Numbers());
        }

        var error = Assert.Throws<KernelException>(() => Attach.NetworkNamespace(program, "/run/netns/no-such"));
        Assert.Contains("there is no such namespace", error.Message, StringComparison.Ordinal);
    });

    [Fact]
    public void A_network_namespace_asks_how_a_packet_is_dissected() => Apart.Run(() =>
    {
        Shell.Run("ip link set lo up");
        using var fired = new Fired();
        using var program = fired.Program(ProgramType.FlowDissector, 1, 0, AttachType.FlowDissector);
        using (var link = Attach.NetworkNamespace(program))
        {
            Assert.Equal(LinkType.NetworkNamespace, link.Info.Type);
            Fired.RawPacket();
            Assert.Contains(1, fired.Numbers());
            var error = Assert.Throws<KernelException>(() => Attach.NetworkNamespace(program));
            Assert.Equal(Errno.TooBig, error.Errno);
        }

        Fired.RawPacket();
        Assert.Empty(fired.Numbers());
    });

    [Fact]
    public void Netfilter_asks_whether_a_packet_goes_on() => Apart.Run(() =>
    {
        Shell.Run("ip link set lo up");
        using var fired = new Fired();
        using var first = fired.Program(ProgramType.Netfilter, 1, 1, AttachType.Netfilter);
        using var second = fired.Program(ProgramType.Netfilter, 2, 1, AttachType.Netfilter);
        using (var link = Attach.Netfilter(second, NetfilterFamily.IPv4, NetfilterHook.LocalIn, 20))
        using (Attach.Netfilter(first, NetfilterFamily.IPv4, NetfilterHook.LocalIn, -10, defragments: true))
        {
            Fired.Packet();
            Assert.Equal([1, 2], fired.Numbers());
            Assert.Equal(LinkType.Netfilter, link.Info.Type);
            var error = Assert.Throws<KernelException>(() => Attach.Netfilter(first, NetfilterFamily.IPv4, NetfilterHook.LocalIn, 20));
            Assert.StartsWith("attach netfilter IPv4 LocalIn at 20: link_create: EBUSY: something else", error.Message, StringComparison.Ordinal);
        }

        Fired.Packet();
        Assert.Empty(fired.Numbers());
    });

    [Theory]
    [InlineData(ProgramType.SkMessage, AttachType.SkMessageVerdict, false)]
    [InlineData(ProgramType.SkSkb, AttachType.SkSkbStreamVerdict, true)]
    [InlineData(ProgramType.SkSkb, AttachType.SkSkbVerdict, true)]
    public void A_map_of_sockets_runs_a_program_for_what_its_sockets_send_or_get(ProgramType type, AttachType attach, bool receives) =>
        Apart.Run(() =>
        {
            Shell.Run("ip link set lo up");
            using var fired = new Fired();
            using var map = BpfMap.Create(new() { Name = "sockets", Type = MapType.SocketMap, KeySize = 4, ValueSize = 4, MaxEntries = 1 });
            using var program = fired.Program(type, 1, 1, attach);
            var (client, server) = Fired.Connection();
            using (client)
            using (server)
            using (var link = Attach.SocketMap(program, map))
            {
                map.Update(new byte[4], BitConverter.GetBytes((int)(receives ? server : client).Handle));
                client.Send("x"u8);
                Assert.Equal(1, server.Receive(new byte[8]));
                Assert.Equal([1], fired.Numbers().Distinct());
                if (Environment.OSVersion.Version >= new Version(6, 10))
                {
                    Assert.Equal(LinkType.SocketMap, link.Info.Type);
                }
            }
        });

    [Fact]
    public void A_socket_filter_runs_until_it_is_detached_or_its_socket_is_closed() => Apart.Run(() =>
    {
        Shell.Run("ip link set lo up");
        using var fired = new Fired();
        using var program = fired.Program(ProgramType.SocketFilter, 1, 0xFFFF);
        using var other = fired.Program(ProgramType.SocketFilter, 2, 0xFFFF);
        using var socket = Fired.Datagrams();
        var link = Attach.SocketFilter(program, socket.SafeHandle);
        Exchange(socket);
        Assert.Equal([1], fired.Numbers());
        link.Update(other);
        Exchange(socket);
        Assert.Equal([2], fired.Numbers());
        Assert.Throws<BpfNotSupportedException>(() => link.Info);
        link.Detach();
        Exchange(socket);
        Assert.Empty(fired.Numbers());

        var closed = Fired.Datagrams();
        using var last = Attach.SocketFilter(program, closed.SafeHandle);
        closed.Dispose();
        var error = Assert.Throws<KernelException>(() => last.Update(other));
        Assert.Equal("socket filter: update: EBADF: the socket is closed", error.Message);
    });

    [Theory]
    [InlineData(ProgramType.SocketFilter, default(AttachType))]
    [InlineData(ProgramType.SkReuseport, AttachType.SkReuseportSelect)]
    public void A_program_chooses_among_sockets_that_share_a_port(ProgramType type, AttachType attach) => Apart.Run(() =>
    {
        Shell.Run("ip link set lo up");
        using var fired = new Fired();
        using var program = fired.Program(type, 1, type == ProgramType.SocketFilter ? 0 : 1, attach);
        using var plain = Fired.Datagrams();
        var error = Assert.Throws<KernelException>(() => Attach.ReusePort(program, plain.SafeHandle));
        Assert.Contains("has no SO_REUSEPORT", error.Message, StringComparison.Ordinal);

        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.SetRawSocketOption(1, 15, BitConverter.GetBytes(1));
        socket.Bind(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 0));
        using (Attach.ReusePort(program, socket.SafeHandle))
        {
            Exchange(socket);
            Assert.Equal([1], fired.Numbers());
        }

        Exchange(socket);
        Assert.Empty(fired.Numbers());
    });

    [Theory]
    [InlineData(ProgramType.CgroupSkb, AttachType.CgroupInetIngress)]
    [InlineData(ProgramType.CgroupSocket, AttachType.CgroupInetSocketCreate)]
    [InlineData(ProgramType.CgroupSocket, AttachType.CgroupInetSocketRelease)]
    [InlineData(ProgramType.CgroupSocket, AttachType.CgroupInet4PostBind)]
    [InlineData(ProgramType.CgroupSocketAddress, AttachType.CgroupInet4Bind)]
    [InlineData(ProgramType.CgroupSocketAddress, AttachType.CgroupUdp4SendMessage)]
    [InlineData(ProgramType.CgroupSocketAddress, AttachType.CgroupUdp4ReceiveMessage)]
    [InlineData(ProgramType.CgroupSocketAddress, AttachType.CgroupInet4GetSocketName)]
    [InlineData(ProgramType.CgroupSocketAddress, AttachType.CgroupUnixConnect)]
    [InlineData(ProgramType.CgroupSysctl, AttachType.CgroupSysctl)]
    [InlineData(ProgramType.CgroupSocketOption, AttachType.CgroupGetSocketOption)]
    [InlineData(ProgramType.CgroupSocketOption, AttachType.CgroupSetSocketOption)]
    [InlineData(ProgramType.SocketOps, AttachType.CgroupSocketOps)]
    public void Every_kind_of_hook_of_a_control_group_takes_its_program(ProgramType type, AttachType attach)
    {
        Stage.Privileged.Require();
        var root = File.ReadLines("/proc/mounts").Select(line => line.Split(' ')).FirstOrDefault(mount => mount[2] == "cgroup2");
        Assert.SkipWhen(root is null, "control groups of version 2 are not mounted");
        var group = Directory.CreateDirectory($"{root[1]}/weft-hooks-{Environment.ProcessId}-{attach}").FullName;
        try
        {
            using var program = TestProgram.Load(type, Code.Exit(1), attach);
            using var link = Attach.Cgroup(program, group);
            Assert.Equal((LinkType.Cgroup, program.Info.Id), (link.Info.Type, link.Info.ProgramId));
        }
        finally
        {
            Directory.Delete(group);
        }
    }

    [Fact]
    public void Older_kernels_attach_to_maps_and_namespaces_without_links()
    {
        var kernel = new FakeKernel { Files = _ => "", Answers = (command, _) => command == BpfCommand.LinkCreate ? -Errno.Invalid : null };
        using (var link = Attach.NetworkNamespace(kernel.Program(ProgramType.FlowDissector, AttachType.FlowDissector)))
        {
            Assert.Equal("ProgramAttach 0 101 17 0 0 0 0 0", kernel.Asked[1]);
            Assert.Contains("Linux 5.8", Assert.Throws<BpfNotSupportedException>(() => link.Info).Message, StringComparison.Ordinal);
        }

        Assert.Equal("ProgramDetach 0 101 17 0 0 0 0 0", kernel.Asked[^1]);
        Assert.Equal([50], kernel.Opened);
    }

    [Fact]
    public void A_netkit_device_has_two_sides()
    {
        var kernel = new FakeKernel();
        var program = kernel.Program(ProgramType.SchedClassifier);
        using var first = Attach.Netkit(program, 3, AttachType.NetkitPrimary);
        using var second = Attach.Netkit(program, 3, AttachType.NetkitPeer, TcxAnchor.First);
        Assert.Equal(["LinkCreate 50 3 54 0 0 0 0 0", "LinkCreate 50 3 55 8 0 0 0 0"], kernel.Asked);
        Assert.Throws<ArgumentOutOfRangeException>(() => Attach.Netkit(program, 3, AttachType.TcxIngress));
    }

    private static void Exchange(Socket socket)
    {
        socket.SendTo("x"u8, socket.LocalEndPoint!);
        Assert.Equal(1, socket.Receive(new byte[8]));
    }
}
