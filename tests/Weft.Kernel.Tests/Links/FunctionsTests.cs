using System.Runtime.InteropServices;
using Weft.Bpf;
using Weft.Bpf.Features;
using Weft.Bpf.Kernel;
using Weft.Kernel.Tests.Stage;
using Weft.Testing;

namespace Weft.Kernel.Tests.Links;

public sealed class FunctionsTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("by_uprobes", "weft_call_*", KernelFeature.UprobeMultiLink, 2, 2)]
    [InlineData("by_uretprobes", "weft_call_???", KernelFeature.UprobeMultiLink, 2, 6)]
    [InlineData("by_uprobe_session", "weft_call_*", KernelFeature.UprobeSessionLink, 4, 4)]
    public void Functions_of_a_library_that_match_a_pattern_run_a_program(string name, string pattern, KernelFeature feature, long count, long sum)
    {
        Needs(feature);
        var library = Gcc.Places(Path.Combine(_folder.Path, "places.so"), "-shared -fPIC");
        var handle = NativeLibrary.Load(library);
        using var loaded = Load(name, $"{library}:{pattern}");
        using (var link = Attach.Auto(loaded.Programs[name]))
        {
            Call(handle);
            Assert.Equal(LinkType.UprobeMulti, link.Info.Type);
        }

        Call(handle);
        Assert.Equal([count, sum], Seen(loaded));
    }

    [Fact]
    public void Each_function_has_a_cookie_of_its_own()
    {
        Needs(KernelFeature.UprobeMultiLink);
        var library = Gcc.Places(Path.Combine(_folder.Path, "places.so"), "-shared -fPIC");
        var handle = NativeLibrary.Load(library);
        using var loaded = Load("by_uprobe_cookies", null);
        var functions = UserFunctions.Named(library, "weft_call_one", "weft_call_two");
        Assert.Throws<ArgumentException>(() => functions.WithCookies(1));
        using var link = Attach.UprobeMulti(loaded.Programs["by_uprobe_cookies"], functions.WithCookies(40, 700), Environment.ProcessId);
        Call(handle);
        Assert.Equal([2, 740], Seen(loaded));
        using var others = Attach.UprobeMulti(loaded.Programs["by_uprobe_cookies"], functions.WithCookies(40, 700), process: 1);
        Call(handle);
        Assert.Equal([4, 1480], Seen(loaded));
    }

    [Fact]
    public void Without_links_for_many_functions_each_has_its_own_where_that_is_allowed()
    {
        Privileged.Require();
        var library = Gcc.Places(Path.Combine(_folder.Path, "places.so"), "-shared -fPIC");
        var kernel = new FakeKernel
        {
            Files = path => path switch
            {
                "/sys/bus/event_source/devices/uprobe/type" => "7",
                _ => path == library ? "" : null,
            },
            Content = File.ReadAllBytes(library),
            Answers = (command, bytes) => command == BpfCommand.LinkCreate && bytes[8] == 48 ? -Errno.Invalid : null,
        };
        var program = kernel.Program(ProgramType.Kprobe, AttachType.TraceUprobeMulti);
        var functions = UserFunctions.Matching(library, "weft_call_*");
        Assert.Contains(
            "it came with Linux 6.6", Assert.Throws<BpfNotSupportedException>(() => Attach.UprobeMulti(program, functions)).Message, StringComparison.Ordinal);
        using (var link = Attach.UprobeMulti(program, functions, orSeparately: true))
        {
            Assert.Equal(2, kernel.Asked.Count(a => a.StartsWith("perf_event_open type 7", StringComparison.Ordinal)));
            Assert.Throws<BpfNotSupportedException>(() => link.Info);
            Assert.Throws<BpfNotSupportedException>(() => link.Pin("/sys/fs/bpf/x"));
        }

        Assert.Equal([50], kernel.Opened);
    }

    [Fact]
    public void Functions_of_the_kernel_are_found_in_the_files_of_tracing_by_any_of_them()
    {
        var newer = new FakeKernel
        {
            Files = path => path == "/sys/kernel/tracing/available_filter_functions_addrs"
                ? "ffffffff00000010 tcp_v4_rcv\nffffffff00000020 tcp_v6_rcv [ipv6]\nffffffff00000030 udp_rcv\n" : null,
        };
        Assert.Equal([0xffffffff00000010, 0xffffffff00000020], KernelFunctionSearch.Addresses(newer, new("tcp_v?_rcv"), "hook"));
        var older = new FakeKernel
        {
            Files = path => path switch
            {
                "/sys/kernel/tracing/available_filter_functions" => "tcp_v4_rcv\ntcp_v6_rcv [ipv6]\nudp_rcv\n",
                "/proc/kallsyms" => "ffffffff00000010 T tcp_v4_rcv\nffffffff00000020 t tcp_v6_rcv\t[ipv6]\nffffffff00000030 t tcp_v8_rcv\n",
                _ => null,
            },
        };
        Assert.Equal([0xffffffff00000010, 0xffffffff00000020], KernelFunctionSearch.Addresses(older, new("tcp_v?_rcv"), "hook"));
        Assert.Throws<KernelException>(() => KernelFunctionSearch.Addresses(older, new("nothing*"), "hook"));
        Assert.Contains(
            "tracefs is not mounted",
            Assert.Throws<KernelException>(() => KernelFunctionSearch.Addresses(new FakeKernel(), new("*"), "hook")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_program_that_was_loaded_for_something_else_is_told_so()
    {
        var program = new FakeKernel().Program(ProgramType.Kprobe);
        var error = Assert.Throws<BpfNotSupportedException>(() => Attach.KprobeMulti(program, KernelFunctions.Named("tcp_connect")));
        Assert.Contains("TraceKprobeMulti or TraceKprobeSession", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_kernel_without_such_links_is_told_which_has_them()
    {
        Privileged.Require();
        Assert.SkipWhen(KernelFeatures.Of(KernelFeature.KprobeMultiLink).IsYes, "this kernel has them");
        using var loaded = Load("by_kprobe_cookies", null);
        var error = Assert.Throws<BpfNotSupportedException>(
            () => Attach.KprobeMulti(loaded.Programs["by_kprobe_cookies"], KernelFunctions.Named("do_unlinkat")));
        Assert.Contains("it came with Linux 5.18 and needs CONFIG_FPROBE", error.Message, StringComparison.Ordinal);
        using var session = Load("by_kprobe_session", "do_unlink*");
        error = Assert.Throws<BpfNotSupportedException>(() => Attach.Auto(session.Programs["by_kprobe_session"]));
        Assert.Contains("it came with Linux 6.10 and needs CONFIG_FPROBE", error.Message, StringComparison.Ordinal);
    }

    private static void Needs(KernelFeature feature)
    {
        Privileged.Require();
        var answer = KernelFeatures.Of(feature);
        Assert.SkipUnless(answer.IsYes, $"{feature}: {answer}");
    }

    private static BpfObject Load(string name, string? target)
    {
        var spec = ObjectSpec.Parse(Clang.Compile("probes.bpf.c", more: "-D__TARGET_ARCH_x86"), "probes");
        spec.Variables["process"].Set(Environment.ProcessId);
        spec.Programs[name].Target = target;
        return BpfObject.Load(spec, new() { Only = spec.Programs[name] });
    }

    private static unsafe void Call(nint library) =>
        Assert.Equal(6, ((delegate* unmanaged<int>)NativeLibrary.GetExport(library, "weft_calls"))());

    private static long[] Seen(BpfObject loaded)
    {
        var value = new byte[16];
        Assert.True(loaded.Maps["seen"].TryLookup(stackalloc byte[4], value));
        return MemoryMarshal.Cast<byte, long>(value).ToArray();
    }
}
