using System.Runtime.InteropServices;
using Weft.Bpf;
using Weft.Kernel.Tests.Stage;
using Weft.Testing;

namespace Weft.Kernel.Tests.Links;

/// <summary>Programs that libbpf has loaded, attached by it or as any others, and what they see.</summary>
public sealed class LibbpfAttachTests
{
    [Fact]
    public void A_link_that_is_forgotten_stays_attached() => Apart.Run(() =>
    {
        using var loaded = Load("by_raw_tracepoint", "to_ring");
        using var reader = new RingBufferReader(loaded.Maps["ring"]);
        Forget(loaded.Programs["to_ring"]);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        Native.Parent();
        Assert.True(reader.Poll(_ => { }, Numbers.Bound) > 0);

        static void Forget(BpfProgram program) => Assert.Equal("raw_tp/sys_enter", Attach.Auto(program).Hook);
    });

    [Theory]
    [InlineData("by_raw_tracepoint", LinkType.RawTracepoint)]
    [InlineData("by_typed_tracepoint", LinkType.Tracing)]
    [InlineData("by_tracepoint", LinkType.PerfEvent)]
    public void A_program_runs_while_it_is_attached(string program, LinkType type) => Apart.Run(() =>
    {
        using var loaded = Load(program);
        uint id;
        using (var link = Attach.Auto(loaded.Programs[program]))
        {
            File.Delete("/tmp/weft-there-is-no-such-file");
            id = link.Info.Id;
            Assert.NotEqual(0ul, Seen(loaded).Count);
            Assert.Equal(loaded.Programs[program].Info.Id, link.Info.ProgramId);
            Assert.Contains(link.Info.Type, new[] { type, LinkType.RawTracepoint });
        }

        Assert.DoesNotContain(id, KernelObjects.Links());
    });

    [Fact]
    public void Perf_buffers_and_iterators_are_read_as_ever() => Apart.Run(() =>
    {
        using var loaded = Load("to_rings", "by_iterator");
        using var reader = new PerfBufferReader(loaded.Maps["rings"]);
        using (Attach.Auto(loaded.Programs["to_rings"]))
        {
            Native.Parent();
        }

        var records = 0;
        reader.Poll((_, _) => records++, Numbers.Bound);
        Assert.NotEqual(0, records);
        using var link = Attach.Auto(loaded.Programs["by_iterator"]);
        using var stream = BpfIterator.Open(link);
        using var all = new MemoryStream();
        stream.CopyTo(all);
        Assert.Contains(Environment.ProcessId, MemoryMarshal.Cast<byte, int>(all.ToArray()).ToArray());
    });

    [Fact]
    public void What_its_section_does_not_tell_is_attached_by_name() => Apart.Run(() =>
    {
        using var loaded = Load("by_cgroup_packet", "by_xdp", "by_uprobe");
        var error = Assert.Throws<BpfNotSupportedException>(() => Attach.Auto(loaded.Programs["by_xdp"]));
        Assert.Contains("an interface must be named: Attach.Xdp", error.Message, StringComparison.Ordinal);
        Assert.Throws<BpfNotSupportedException>(() => Attach.Auto(loaded.Programs["by_uprobe"]));
        Assert.Equal(2u, loaded.Programs["by_xdp"].TestRun(new byte[64]).Result);
        Assert.Equal(64ul, Seen(loaded).Number);
        Shell.Run("ip link set lo up");
        using (Attach.Xdp(loaded.Programs["by_xdp"], 1))
        {
            Shell.Run("echo x > /dev/udp/127.0.0.1/9");
        }

        var before = Seen(loaded).Count;
        Assert.True(before > 1);
        var mount = File.ReadLines("/proc/mounts").Select(line => line.Split(' ')).FirstOrDefault(m => m[2] == "cgroup2");
        Assert.SkipWhen(mount is null, "there are no control groups of version 2");
        var group = Directory.CreateDirectory(Path.Combine(mount[1], $"weft-{Guid.NewGuid():N}"));
        try
        {
            using var link = Attach.Cgroup(loaded.Programs["by_cgroup_packet"], group.FullName);
            Shell.Run($"echo $$ > {group}/cgroup.procs && echo x > /dev/udp/127.0.0.1/9");
            Assert.True(Seen(loaded).Count > before);
        }
        finally
        {
            group.Delete();
        }
    });

    [Fact]
    public void A_link_outlives_its_object_and_its_pin_the_link() => Apart.Run(() =>
    {
        var loaded = Load("by_tracepoint");
        using var seen = loaded.Maps["seen"].Duplicate();
        var link = Attach.Auto(loaded.Programs["by_tracepoint"]);
        loaded.Dispose();
        SeesMore();
        link.Pin($"{Apart.BpfFolder}/kept");
        link.Dispose();
        SeesMore();
        using var again = BpfLink.OpenPinned($"{Apart.BpfFolder}/kept");
        again.Detach();

        void SeesMore()
        {
            var before = new Map<uint, Seeing>(seen)[0].Count;
            File.Delete("/tmp/weft-there-is-no-such-file");
            Assert.True(new Map<uint, Seeing>(seen)[0].Count > before);
        }
    });

    [Fact]
    public void A_place_that_a_program_has_marked_runs_a_program() => Apart.Run(() =>
    {
        Libbpf.Require();
        var folder = Directory.CreateTempSubdirectory("weft-usdt-");
        try
        {
            var marked = Path.Combine(folder.FullName, "marked");
            File.WriteAllText(marked + ".c", Marked);
            Shell.Run($"{Peers.Require("gcc")} -O1 -o {marked} {marked}.c");
            using var loaded = BpfObject.Load(Objects.Spec("marked", $"-DMARKED=\"{marked}\""), new() { Backend = BpfBackend.Libbpf, PinFolder = null });
            using var reader = new RingBufferReader(loaded.Maps["events"]);
            using var link = Attach.Auto(loaded.Programs["fired"]);
            Shell.Run(marked);
            var number = 0L;
            reader.Poll(record => number = MemoryMarshal.Read<long>(record), Numbers.Bound);
            Assert.Equal(4711, number);
            Assert.Throws<BpfNotSupportedException>(() => link.Info);
            loaded.Dispose();
            link.Dispose();
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    });

    [Fact]
    public void A_kernel_that_refuses_is_told_with_what_libbpf_says() => Apart.Run(() =>
    {
        Assert.SkipWhen(
            Directory.Exists("/sys/bus/event_source/devices/kprobe") || File.Exists("/sys/kernel/tracing/kprobe_events"),
            "this kernel has kprobes");
        using var loaded = Load("by_kprobe");
        var error = Assert.Throws<KernelException>(() => Attach.Auto(loaded.Programs["by_kprobe"]));
        Assert.StartsWith("attach kprobe/do_unlinkat: ", error.Message, StringComparison.Ordinal);
        Assert.Contains("libbpf: prog 'by_kprobe': failed to create kprobe 'do_unlinkat", error.Message, StringComparison.Ordinal);
    });

    // What <sys/sdt.h> makes of a probe with one number, for those who have no such header.
    private const string Marked = """
        int main(void)
        {
            long number = 4711;
            __asm__ volatile("990: nop\n"
                ".pushsection .note.stapsdt,\"\",\"note\"\n"
                ".balign 4\n.4byte 992f-991f,994f-993f,3\n991: .asciz \"stapsdt\"\n992: .balign 4\n"
                "993: .8byte 990b\n.8byte _.stapsdt.base\n.8byte 0\n.asciz \"weft\"\n.asciz \"fired\"\n.asciz \"-8@%0\"\n994: .balign 4\n"
                ".popsection\n"
                ".pushsection .stapsdt.base,\"aG\",\"progbits\",.stapsdt.base,comdat\n.weak _.stapsdt.base\n.hidden _.stapsdt.base\n"
                "_.stapsdt.base: .space 1\n.size _.stapsdt.base,1\n.popsection\n" :: "r"(number));
            return 0;
        }
        """;

    private static BpfObject Load(params string[] programs)
    {
        Libbpf.Require();
        var spec = Objects.Spec("hooks");
        spec.Variables["process"].Set((uint)Environment.ProcessId);
        foreach (var program in programs)
        {
            spec.Programs[program].Loads = true;
        }

        return BpfObject.Load(spec, new() { Backend = BpfBackend.Libbpf, PinFolder = null });
    }

    private static Seeing Seen(BpfObject loaded) => new Map<uint, Seeing>(loaded.Maps["seen"])[0];

    [StructLayout(LayoutKind.Sequential)]
    private struct Seeing
    {
        public ulong Count;
        public ulong Number;
    }
}
