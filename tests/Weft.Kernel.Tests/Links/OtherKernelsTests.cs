using Weft.Bpf;
using Weft.Bpf.Kernel;

namespace Weft.Kernel.Tests.Links;

/// <summary>What kernels are asked that this machine has not: with kprobes, and older ones.</summary>
public sealed class OtherKernelsTests
{
    // Program 50; the target, the attach type, flags, then what is special.
    private const string LinkOfEvent = "LinkCreate 50 100 41 0 7 0 0 0";

    [Fact]
    public void A_function_of_the_kernel_is_an_event_of_its_source_and_a_link_of_it()
    {
        var kernel = new FakeKernel { Files = Kprobes };
        using (Attach.Kprobe(kernel.Program(ProgramType.Kprobe), "tcp_connect", 16, cookie: 7))
        {
            Assert.Equal(
                ["perf_event_open type 6 config 0 tcp_connect+16 process -1 cpu 0", LinkOfEvent, "ioctl 100 2400 0"], kernel.Asked);
            Assert.Equal([50, 101], kernel.Opened.Order());
        }

        Assert.Equal([50], kernel.Opened);
        kernel.Asked.Clear();
        using var link = Attach.Auto(kernel.Program(ProgramType.Kprobe, section: "kretprobe/tcp_connect"));
        Assert.Equal("perf_event_open type 6 config 2 tcp_connect+0 process -1 cpu 0", kernel.Asked[0]);
        Assert.Equal("kretprobe tcp_connect", link.Hook);
    }

    [Theory]
    [InlineData("kprobe/tcp_connect+0x10", "tcp_connect+16")]
    [InlineData("kprobe.s/tcp_connect", "tcp_connect+0")]
    [InlineData("?kprobe/tcp_connect", "tcp_connect+0")]
    [InlineData("ksyscall/openat", "__x64_sys_openat+0")]
    public void A_section_says_where_a_probe_goes(string section, string place)
    {
        Assert.SkipUnless(
            System.Runtime.InteropServices.RuntimeInformation.ProcessArchitecture == System.Runtime.InteropServices.Architecture.X64,
            "its system calls have other names");
        var kernel = new FakeKernel { Files = Kprobes };
        using var link = Attach.Auto(kernel.Program(ProgramType.Kprobe, section: section));
        Assert.Contains($" {place} ", kernel.Asked[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Without_the_source_a_function_is_a_line_of_tracefs_that_goes_with_the_link()
    {
        var kernel = new FakeKernel
        {
            Files = path => path is "/sys/kernel/tracing/events" or "/sys/kernel/tracing/kprobe_events" ? "" :
                path.EndsWith("/probe/id", StringComparison.Ordinal) ? "77\n" : null,
        };
        using (Attach.Kprobe(kernel.Program(ProgramType.Kprobe), "tcp_connect", 16))
        {
            Assert.Matches("^write p:weft_[0-9a-f]{16}/probe tcp_connect\\+0x10$", kernel.Asked[0]);
            Assert.Equal("perf_event_open type 2 config 4d process -1 cpu 0", kernel.Asked[1]);
        }

        Assert.Equal(kernel.Asked[0].Replace("p:", "-:", StringComparison.Ordinal).Split(' ')[1], kernel.Asked[^1].Split(' ')[1]);
        Assert.Equal([50], kernel.Opened);
    }

    [Fact]
    public void A_kernel_without_kprobes_is_called_so()
    {
        var kernel = new FakeKernel();
        var error = Assert.Throws<KernelException>(() => Attach.Kprobe(kernel.Program(ProgramType.Kprobe), "tcp_connect"));
        Assert.Equal("attach kprobe tcp_connect: kprobe_events", error.Stage);
        Assert.Contains("this kernel has no kprobes", error.Message, StringComparison.Ordinal);
        Assert.Equal([50], kernel.Opened);
    }

    [Fact]
    public void A_refused_event_leaves_nothing_behind()
    {
        var kernel = new FakeKernel
        {
            Files = path => path is "/sys/kernel/tracing/events" or "/sys/kernel/tracing/kprobe_events" ? "" :
                path.EndsWith("/id", StringComparison.Ordinal) ? "77" : null,
            Events = _ => -Errno.Permission,
        };
        var error = Assert.Throws<KernelException>(() => Attach.Kprobe(kernel.Program(ProgramType.Kprobe), "tcp_connect"));
        Assert.StartsWith("attach kprobe tcp_connect: perf_event_open: EPERM: it needs CAP_PERFMON", error.Message, StringComparison.Ordinal);
        Assert.StartsWith("write -:weft_", kernel.Asked[^1], StringComparison.Ordinal);

        kernel = new FakeKernel { Files = Kprobes, Answers = (_, _) => -Errno.Permission };
        Assert.Throws<KernelException>(() => Attach.Kprobe(kernel.Program(ProgramType.Kprobe), "tcp_connect"));
        Assert.Equal([50], kernel.Opened);
    }

    [Fact]
    public void Without_links_of_events_the_event_itself_takes_the_program()
    {
        var kernel = new FakeKernel { Files = Kprobes, Answers = (_, _) => -Errno.Invalid };
        using (var link = Attach.Kprobe(kernel.Program(ProgramType.Kprobe), "tcp_connect"))
        {
            Assert.Equal(["ioctl 100 40042408 50", "ioctl 100 2400 0"], kernel.Asked[^2..]);
            Assert.Throws<BpfNotSupportedException>(() => link.Info);
            Assert.Throws<BpfNotSupportedException>(() => link.Pin("/sys/fs/bpf/x"));
            Assert.Throws<BpfNotSupportedException>(() => link.Update(link.Program!));
            link.Detach();
        }

        Assert.Equal([50], kernel.Opened);
        var error = Assert.Throws<KernelException>(() => Attach.Kprobe(kernel.Program(ProgramType.Kprobe), "tcp_connect", cookie: 1));
        Assert.Contains("cookies need Linux 5.15", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_program_was_loaded_for_is_attached_by_a_link_or_by_the_older_command()
    {
        var program = (ProgramType.Tracing, AttachType.TraceFentry, "fentry/tcp_connect", "tcp_connect");
        var kernel = new FakeKernel();
        using var link = Attach.Auto(kernel.Program(program.Item1, program.Item2, program.Item3, program.Item4));
        Assert.Equal(["LinkCreate 50 0 24 0 0 0 0 0"], kernel.Asked);

        kernel = new FakeKernel { Answers = (command, _) => command == BpfCommand.LinkCreate ? -Errno.Invalid : null };
        using var older = Attach.Auto(kernel.Program(program.Item1, program.Item2, program.Item3, program.Item4));
        Assert.Equal("RawTracepointOpen null 50", kernel.Asked[1]);

        kernel = new FakeKernel { Answers = (command, _) => command == BpfCommand.LinkCreate ? -Errno.KernelNotSupported : -Errno.Invalid };
        var error = Assert.Throws<KernelException>(
            () => Attach.Auto(kernel.Program(program.Item1, program.Item2, program.Item3, program.Item4)));
        Assert.Equal(524, error.Errno);
        Assert.StartsWith("attach fentry tcp_connect: link_create: ENOTSUPP: the kernel's own", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Before_links_a_control_group_takes_a_program_as_it_can_and_gives_it_back()
    {
        var kernel = new FakeKernel
        {
            Files = _ => "",
            Answers = (command, bytes) =>
                command == BpfCommand.LinkCreate || (command == BpfCommand.ProgramAttach && bytes[12] == 2) ? -Errno.Invalid : null,
        };
        using (var link = Attach.Cgroup(kernel.Program(ProgramType.CgroupDevice, AttachType.CgroupDevice), "/group"))
        {
            Assert.Equal("ProgramAttach 101 102 6 2 0 0 0 0", kernel.Asked[1]);
            Assert.Equal("ProgramAttach 101 102 6 1 0 0 0 0", kernel.Asked[2]);
            Assert.Throws<BpfNotSupportedException>(() => link.Info);

            // Its owner may close the program: the link has a descriptor of its own.
            link.Program!.Dispose();
        }

        Assert.Equal("ProgramDetach 101 102 6 0 0 0 0 0", kernel.Asked[^1]);
        Assert.Empty(kernel.Opened);
    }

    [Fact]
    public void A_program_stands_beside_another_of_an_interface()
    {
        var kernel = new FakeKernel();
        var program = kernel.Program(ProgramType.SchedClassifier);
        using var first = Attach.Tcx(program, 3, AttachType.TcxEgress);
        using var second = Attach.Tcx(program, 3, AttachType.TcxEgress, TcxAnchor.Before(first));
        using var third = Attach.Tcx(program, 3, AttachType.TcxIngress, TcxAnchor.After(program));
        using var fourth = Attach.Tcx(program, 3, AttachType.TcxIngress, TcxAnchor.First);
        Assert.Equal(
            [
                "LinkCreate 50 3 47 0 0 0 0 0", "LinkCreate 50 3 47 8200 100 0 0 0", "LinkCreate 50 3 46 16 50 0 0 0",
                "LinkCreate 50 3 46 8 0 0 0 0",
            ],
            kernel.Asked);
    }

    [Theory]
    [InlineData("xdp", ProgramType.Xdp, "Attach.Xdp")]
    [InlineData("cgroup_skb/egress", ProgramType.CgroupSkb, "Attach.Cgroup")]
    [InlineData("tp/one", ProgramType.Tracepoint, "group/name")]
    [InlineData("kprobe", ProgramType.Kprobe, "does not say to what")]
    [InlineData("socket", ProgramType.SocketFilter, "Attach.SocketFilter")]
    [InlineData("sk_lookup", ProgramType.SkLookup, "Attach.NetworkNamespace")]
    [InlineData("lsm_cgroup/socket_bind", ProgramType.Lsm, "Attach.Cgroup")]
    [InlineData("", ProgramType.Syscall, "not attached by their sections")]
    public void A_section_that_does_not_say_where_is_told_so(string section, ProgramType type, string advice)
    {
        var error = Assert.Throws<BpfNotSupportedException>(() => Attach.Auto(new FakeKernel().Program(type, section: section)));
        Assert.Contains(advice, error.Message, StringComparison.Ordinal);
    }

    private static string? Kprobes(string path) => path switch
    {
        "/sys/bus/event_source/devices/kprobe/type" => "6\n",
        "/sys/bus/event_source/devices/kprobe/format/retprobe" => "config:1\n",
        _ => null,
    };
}
