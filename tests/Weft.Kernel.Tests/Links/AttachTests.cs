using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Weft.Bpf;
using Weft.Bpf.Assembly;
using Weft.Bpf.Btf;
using Weft.Bpf.Kernel;
using Weft.Kernel.Tests.Stage;

namespace Weft.Kernel.Tests.Links;

public sealed class AttachTests
{
    private const int GetParent = 110;

    [Fact]
    public void A_tracepoint_of_a_system_call_runs_its_program() => Apart.Run(() =>
    {
        using var map = TestProgram.Ring();
        using var reader = new RingBufferReader(map);
        using var program = Probe(ProgramType.Tracepoint, map, 1, "tp/syscalls/sys_enter_getppid");
        using var link = Attach.Auto(program);
        Native.Parent();
        Assert.Equal(1, Numbers.Next(reader));
        Assert.Equal("tracepoint syscalls/sys_enter_getppid", link.Hook);
        Assert.Equal(LinkType.PerfEvent, link.Info.Type);
    });

    [Fact]
    public void A_tracepoint_that_is_not_there_is_named_in_the_error() => Apart.Run(() =>
    {
        using var program = TestProgram.Load(ProgramType.Tracepoint, Code.Exit(0));
        var error = Assert.Throws<KernelException>(() => Attach.Tracepoint(program, "syscalls", "sys_enter_nothing"));
        Assert.Equal(Errno.NoEntry, error.Errno);
        Assert.Equal(
            "attach tracepoint syscalls/sys_enter_nothing: event id: ENOENT: this kernel has no such tracepoint", error.Message);
    });

    [Fact]
    public void A_kernel_without_kprobes_says_so_here() => Apart.Run(() =>
    {
        Assert.SkipWhen(
            Directory.Exists("/sys/bus/event_source/devices/kprobe") || File.Exists("/sys/kernel/tracing/kprobe_events"),
            "this kernel has kprobes");
        using var program = TestProgram.Load(ProgramType.Kprobe, Code.Exit(0), section: "kprobe/tcp_connect");
        var error = Assert.Throws<KernelException>(() => Attach.Auto(program));
        Assert.StartsWith(
            "attach kprobe tcp_connect: kprobe_events: ENOENT: this kernel has no kprobes", error.Message, StringComparison.Ordinal);
    });

    [Fact]
    public void A_raw_tracepoint_that_is_not_there_is_named_in_the_error()
    {
        Privileged.Require();
        using var program = TestProgram.Load(ProgramType.RawTracepoint, Code.Exit(0), section: "raw_tp/nothing");
        var error = Assert.Throws<KernelException>(() => Attach.Auto(program));
        Assert.Equal(
            "attach raw tracepoint nothing: raw_tracepoint_open: ENOENT: this kernel has no such tracepoint", error.Message);
    }

    [Fact]
    public void A_tracepoint_with_types_runs_its_program()
    {
        Privileged.Require();
        using var map = TestProgram.Ring();
        using var reader = new RingBufferReader(map);
        var type = KernelType("btf_trace_sys_enter", BtfKind.Typedef);
        Instruction[] code =
        [
            .. Code.OnlyFor(Native.Thread()), Code.Load(8, 6, 8), Code.JumpUnlessEqual(8, GetParent, Code.Send(map, 0).Length),
            .. Code.Send(map, 2), .. Code.Exit(0),
        ];
        using var program = TestProgram.Load(
            ProgramType.Tracing, code, AttachType.TraceRawTracepoint, type, "tp_btf/sys_enter", "sys_enter");
        using var link = Attach.Auto(program);
        Native.Parent();
        Assert.Equal(2, Numbers.Next(reader));
        Assert.Equal(LinkType.RawTracepoint, link.Info.Type);
    }

    [Fact]
    public void A_function_of_a_library_runs_a_program_when_it_is_called_and_when_it_returns()
    {
        Privileged.Require();
        using var map = TestProgram.Ring();
        using var reader = new RingBufferReader(map);
        using var program = Probe(ProgramType.Kprobe, map, 3, $"uprobe/{Library()}:getppid");
        using var returned = Probe(ProgramType.Kprobe, map, 4, $"uretprobe/{Library()}:getppid");
        using (Attach.Auto(program))
        {
            Native.Parent();
            Assert.Equal(3, Numbers.Next(reader));
        }

        Native.Parent();
        using (Attach.Auto(returned))
        {
            Native.Parent();
            Assert.Equal(4, Numbers.Next(reader));
        }

        Native.Parent();
        Assert.Equal(0, reader.Consume(_ => { }));
    }

    [Fact]
    public void A_function_is_watched_in_one_process_alone()
    {
        Privileged.Require();
        using var map = TestProgram.Ring();
        using var reader = new RingBufferReader(map);
        using var program = Probe(ProgramType.Kprobe, map, 5);
        using (Attach.Uprobe(program, new(Library(), "getppid"), process: 1))
        {
            Native.Parent();
        }

        Assert.Equal(0, reader.Consume(_ => { }));
        using var link = Attach.Uprobe(program, new(Library(), "getppid"), Environment.ProcessId);
        Native.Parent();
        Assert.Equal(5, Numbers.Next(reader));
    }

    [Fact]
    public void A_cookie_tells_a_program_which_link_runs_it()
    {
        Privileged.Require();
        using var map = TestProgram.Ring();
        using var reader = new RingBufferReader(map);
        Instruction[] code =
        [
            .. Code.OnlyFor(Native.Thread()), Code.Copy(1, 6), Code.Call(174), Code.Copy(8, 0), .. Code.Send(map, 0), .. Code.Exit(0),
        ];
        code[Array.IndexOf(code, Code.Store(10, -8, 1))] = Code.Store(10, -8, 8);
        using var program = TestProgram.Load(ProgramType.Kprobe, code);
        using var link = Attach.Uprobe(program, new(Library(), "getppid"), cookie: 4711);
        Native.Parent();
        Assert.Equal(4711, Numbers.Next(reader));
    }

    [Fact]
    public void A_function_that_is_not_there_is_named_in_the_error()
    {
        Privileged.Require();
        using var program = TestProgram.Load(ProgramType.Kprobe, Code.Exit(0));
        var error = Assert.Throws<KernelException>(() => Attach.Uprobe(program, new(Library(), "no_such_function")));
        Assert.StartsWith($"attach uprobe {Library()}:no_such_function: symbol: ENOENT", error.Message, StringComparison.Ordinal);
        error = Assert.Throws<KernelException>(() => Attach.Uprobe(program, new("/no/file", "f")));
        Assert.Equal("attach uprobe /no/file:f: open: ENOENT: there is no such file", error.Message);
    }

    [Fact]
    public void The_processor_clock_runs_a_program()
    {
        Privileged.Require();
        using var map = TestProgram.Ring();
        using var reader = new RingBufferReader(map);
        using var program = TestProgram.Load(
            ProgramType.PerfEvent, [Code.Move(7, 0), .. Code.Send(map, 6), .. Code.Exit(0)]);
        using var link = Attach.CpuClock(program, 0, 1000);
        Assert.Equal(6, Numbers.Next(reader));
    }

    [Fact]
    public void An_iterator_is_read_to_its_end()
    {
        Privileged.Require();
        Instruction[] code =
        [
            Code.Load(1, 1, 0), Code.Load(1, 1, 0), Code.Move(2, 0x55), Code.Store(10, -8, 2), Code.Copy(2, 10), Code.Add(2, -8),
            Code.Move(3, 8), Code.Call(127), .. Code.Exit(0),
        ];
        using var program = TestProgram.Load(
            ProgramType.Tracing, code, AttachType.TraceIterator, KernelType("bpf_iter_task", BtfKind.Function), "iter/task");
        var bytes = BpfIterator.Read(program);
        Assert.True(bytes.Length > 80 && bytes.Length % 8 == 0, $"{bytes.Length} bytes");
        Assert.All(MemoryMarshal.Cast<byte, long>(bytes).ToArray(), number => Assert.Equal(0x55, number));
    }

    [Fact]
    public void Programs_of_a_control_group_run_for_what_is_in_it()
    {
        Privileged.Require();
        var root = File.ReadLines("/proc/mounts").Select(line => line.Split(' ')).FirstOrDefault(mount => mount[2] == "cgroup2");
        Assert.SkipWhen(root is null, "control groups of version 2 are not mounted");
        var group = Directory.CreateDirectory($"{root[1]}/weft-test-{Environment.ProcessId}").FullName;
        try
        {
            using var map = TestProgram.Ring();
            using var reader = new RingBufferReader(map);
            using var program = TestProgram.Load(
                ProgramType.CgroupSkb, [Code.Move(7, 0), .. Code.Send(map, 8), .. Code.Exit(1)], AttachType.CgroupInetEgress);
            using var link = Attach.Cgroup(program, group);
            Shell.Run($"echo $$ > {group}/cgroup.procs && echo x > /dev/udp/127.0.0.1/9");
            Assert.Equal(8, Numbers.Next(reader));
            Assert.Equal(LinkType.Cgroup, link.Info.Type);

            using var other = TestProgram.Load(
                ProgramType.CgroupSkb, [Code.Move(7, 0), .. Code.Send(map, 9), .. Code.Exit(1)], AttachType.CgroupInetEgress);
            link.Update(other);
            Assert.Same(other, link.Program);
            Shell.Run($"echo $$ > {group}/cgroup.procs && echo x > /dev/udp/127.0.0.1/9");
            Assert.Equal(9, Numbers.Next(reader));
            link.Detach();
            Shell.Run($"echo $$ > {group}/cgroup.procs && echo x > /dev/udp/127.0.0.1/9");
            Assert.Equal(0, reader.Consume(_ => { }));
        }
        finally
        {
            Directory.Delete(group);
        }
    }

    [Fact]
    public void Programs_of_an_interface_run_for_its_packets_in_their_order() => Apart.Run(() =>
    {
        Shell.Run("ip link set lo up");
        using var map = TestProgram.Ring();
        using var reader = new RingBufferReader(map);
        using var xdp = TestProgram.Load(ProgramType.Xdp, [Code.Move(7, 0), .. Code.Send(map, 1), .. Code.Exit(2)], AttachType.Xdp);
        using var last = Classifier(map, 3);
        using var first = Classifier(map, 2);
        using var xdpLink = Attach.Xdp(xdp, 1, XdpMode.Generic);
        using var lastLink = Attach.Tcx(last, 1, AttachType.TcxIngress);
        using var firstLink = Attach.Tcx(first, 1, AttachType.TcxIngress, TcxAnchor.Before(lastLink));
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 0));
        socket.SendTo("x"u8, socket.LocalEndPoint!);
        socket.Receive(new byte[8]);

        var numbers = new List<long>();
        reader.Consume(record => numbers.Add(MemoryMarshal.Read<long>(record[8..])));
        Assert.Equal([1, 2, 3], numbers);
        var error = Assert.Throws<KernelException>(() => Attach.Xdp(xdp, 1, XdpMode.Generic));
        Assert.Equal("attach xdp of interface 1: link_create: EBUSY: another program is attached to the interface", error.Message);
    });

    [Fact]
    public void A_forgotten_link_is_not_detached_by_the_garbage_collector()
    {
        Privileged.Require();
        using var map = TestProgram.Ring();
        using var reader = new RingBufferReader(map);
        AttachAndForget(map);
        for (var i = 0; i < 3; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        reader.Consume(_ => { });
        Native.Parent();
        Assert.Equal(10, Numbers.Next(reader));
    }

    [Fact]
    public void A_pinned_link_stays_when_it_is_disposed_and_goes_when_it_is_unpinned() => Apart.Run(() =>
    {
        const string Path = Apart.BpfFolder + "/link";
        using var map = TestProgram.Ring();
        using var reader = new RingBufferReader(map);
        using var program = Probe(ProgramType.Kprobe, map, 11);
        var link = Attach.Uprobe(program, new(Library(), "getppid"));
        link.Pin(Path);
        var id = link.Info.Id;
        link.Dispose();
        Native.Parent();
        Assert.Equal(11, Numbers.Next(reader));
        Assert.Throws<ObjectDisposedException>(() => link.Info);

        using (var opened = BpfLink.OpenPinned(Path))
        {
            Assert.Equal(id, opened.Info.Id);
            Assert.Throws<KernelException>(() => opened.Update(program));
            opened.Detach();
        }

        Assert.False(File.Exists(Path));
        Native.Parent();
        Assert.Equal(0, reader.Consume(_ => { }));
    });

    // Its link is dead when it returns.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void AttachAndForget(BpfMap map)
    {
        using var program = Probe(ProgramType.Kprobe, map, 10);
        Attach.Uprobe(program, new(Library(), "getppid"), Environment.ProcessId);
    }

    private static BpfProgram Probe(ProgramType type, BpfMap map, int number, string section = "") =>
        TestProgram.Load(type, [.. Code.OnlyFor(Native.Thread()), .. Code.Send(map, number), .. Code.Exit(0)], section: section);

    private static BpfProgram Classifier(BpfMap map, int number) =>
        TestProgram.Load(ProgramType.SchedClassifier, [Code.Move(7, 0), .. Code.Send(map, number), .. Code.Exit(-1)]);

    private static string Library() =>
        File.ReadLines("/proc/self/maps").First(line => line.EndsWith("/libc.so.6", StringComparison.Ordinal)).Split(' ')[^1];

    private static uint KernelType(string name, BtfKind kind)
    {
        var bytes = LinuxKernel.Instance.ReadFile("/sys/kernel/btf/vmlinux");
        Assert.SkipWhen(bytes is null, "this kernel shows no BTF");
        return BtfSpec.Parse(bytes).Find(name, kind).First();
    }
}
