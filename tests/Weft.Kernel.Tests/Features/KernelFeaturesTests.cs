using Weft.Bpf;
using Weft.Bpf.Features;
using Weft.Bpf.Kernel;
using Weft.Kernel.Tests.Maps;
using Weft.Kernel.Tests.Stage;

namespace Weft.Kernel.Tests.Features;

public sealed class KernelFeaturesTests(ITestOutputHelper output)
{
    [Fact]
    public void Everything_is_asked_once_and_nothing_is_left_open()
    {
        Privileged.Require();
        var kernel = new OldKernel();
        var all = KernelFeatures.All(kernel).ToList();
        var asked = kernel.Asked.Count;
        foreach (var (name, group, answer) in all.Where(a => !IsHelper(a.Group)))
        {
            output.WriteLine($"{group} {name}: {answer}");
        }

        Assert.Equal(all, KernelFeatures.All(kernel));
        Assert.Equal(asked, kernel.Asked.Count);
        Assert.Empty(kernel.Opened);
        Assert.Equal(all.Count, all.Select(a => (a.Name, a.Group)).Distinct().Count());
        Assert.DoesNotContain(all, a => a.Answer is FeatureAnswer.Unknown);
    }

    [Fact]
    public void What_any_kernel_of_ours_has_is_found()
    {
        Privileged.Require();
        Assert.All(
            new[] { ProgramType.SocketFilter, ProgramType.Kprobe, ProgramType.Tracepoint, ProgramType.RawTracepoint, ProgramType.Tracing, ProgramType.Syscall },
            type => Assert.True(KernelFeatures.ProgramType(type).IsYes, $"{type}: {KernelFeatures.ProgramType(type)}"));
        Assert.All(
            new[] { MapType.Hash, MapType.RingBuffer, MapType.HashOfMaps, MapType.TaskStorage, MapType.BloomFilter, MapType.StructOps, MapType.CgroupStorage },
            type => Assert.True(KernelFeatures.MapType(type).IsYes, $"{type}: {KernelFeatures.MapType(type)}"));
        Assert.All(
            Enum.GetValues<KernelFeature>().Where(f => f < KernelFeature.AttachFunctionEntry),
            feature => Assert.True(KernelFeatures.Of(feature).IsYes, $"{feature}: {KernelFeatures.Of(feature)}"));
        Assert.True(KernelFeatures.Helper(ProgramType.CgroupDevice, HelperNames.NumberOf("bpf_send_signal")).IsYes);
        Assert.True(KernelFeatures.Helper(ProgramType.Tracepoint, HelperNames.NumberOf("get_stackid")).IsYes);
        Assert.Equal(new FeatureAnswer.Refused(Errno.Invalid, "load"), KernelFeatures.Helper(ProgramType.SocketFilter, HelperNames.NumberOf("override_return")));
    }

    [Fact]
    public void This_host_loads_kprobes_that_it_cannot_attach()
    {
        Privileged.Require();
        var version = LinuxKernel.Instance.ReadFile("/proc/sys/kernel/osrelease");
        Assert.SkipUnless(version is not null && System.Text.Encoding.ASCII.GetString(version).Contains("-fc-", StringComparison.Ordinal), "another host");
        Assert.True(KernelFeatures.ProgramType(ProgramType.Kprobe).IsYes);
        Assert.Equal(new FeatureAnswer.Refused(Errno.NoDevice, "attach"), KernelFeatures.Of(KernelFeature.AttachKprobe));
        Assert.Equal(new FeatureAnswer.Refused(Errno.NotSupported, "attach"), KernelFeatures.Of(KernelFeature.KprobeMultiLink));
        var refused = new FeatureAnswer.Refused(Errno.Permission, "load");
        Assert.Equal(refused, KernelFeatures.ProgramType(ProgramType.Lsm));
        Assert.Equal(refused, KernelFeatures.Of(KernelFeature.AttachFunctionEntry));
        Assert.Equal(refused, KernelFeatures.Of(KernelFeature.AttachFunctionExit));
        Assert.Equal(refused, KernelFeatures.Of(KernelFeature.AttachModifyReturn));
        Assert.Equal(refused, KernelFeatures.Of(KernelFeature.AttachSecurityHook));
        Assert.All(
            new[] { KernelFeature.AttachUprobe, KernelFeature.UprobeMultiLink, KernelFeature.PerfEventLink, KernelFeature.AttachIterator, KernelFeature.CgroupLink },
            feature => Assert.True(KernelFeatures.Of(feature).IsYes, $"{feature}: {KernelFeatures.Of(feature)}"));
    }

    [Theory]
    [InlineData("0000000000000000", "neither CAP_BPF nor CAP_SYS_ADMIN")]
    [InlineData("000001ffffffffff", "a security module, a seccomp filter or a user namespace")]
    public void A_process_that_may_not_ask_learns_nothing(string capabilities, string why)
    {
        var kernel = new OldKernel { Refusal = Errno.Permission, Files = new() { ["/proc/thread-self/status"] = $"CapEff:\t{capabilities}\n" } };
        var answer = Assert.IsType<FeatureAnswer.Unknown>(KernelFeatures.ProgramType(ProgramType.Xdp, kernel));
        Assert.Equal((Errno.Permission, "load"), (answer.Errno, answer.Stage));
        Assert.Contains(why, answer.Why, StringComparison.Ordinal);
        Assert.IsType<FeatureAnswer.Unknown>(KernelFeatures.MapType(MapType.Hash, kernel));
        Assert.IsType<FeatureAnswer.Unknown>(KernelFeatures.Of(KernelFeature.TcxLink, kernel));
        Assert.IsType<FeatureAnswer.Unknown>(KernelFeatures.Helper(ProgramType.Xdp, 1, kernel));
    }

    [Theory]
    [InlineData(Errno.Invalid)]
    [InlineData(Errno.TooBig)]
    [InlineData(Errno.NotImplemented)]
    public void A_kernel_that_knows_nothing_refuses_everything(int errno)
    {
        var kernel = new OldKernel { Refusal = errno };
        Assert.Equal(new FeatureAnswer.Refused(errno, "load"), KernelFeatures.ProgramType(ProgramType.SocketFilter, kernel));
        Assert.DoesNotContain(KernelFeatures.All(kernel), a => a.Answer.IsYes && a.Name != "kernel_types");
    }

    [Fact]
    public void A_kernel_without_memory_gives_no_answer()
    {
        var kernel = new OldKernel { Refusal = Errno.NoMemory };
        Assert.IsType<FeatureAnswer.Unknown>(KernelFeatures.MapType(MapType.Hash, kernel));
    }

    [Fact]
    public void What_an_old_kernel_lacks_is_refused_and_the_rest_is_not()
    {
        Privileged.Require();
        var kernel = new OldKernel { HasBatches = false, HasDottedNames = false, HasMappableArrays = false };
        Assert.Equal(new FeatureAnswer.Refused(Errno.Invalid, "lookup"), KernelFeatures.Of(KernelFeature.Batches, kernel));
        Assert.Equal(new FeatureAnswer.Refused(Errno.Invalid, "create"), KernelFeatures.Of(KernelFeature.DottedNames, kernel));
        Assert.Equal(new FeatureAnswer.Refused(Errno.Invalid, "create"), KernelFeatures.Of(KernelFeature.MappableArrays, kernel));
        Assert.True(KernelFeatures.Of(KernelFeature.Names, kernel).IsYes);
    }

    [Theory]
    [InlineData("6.18.44-fc-v782", 0x06122Cu)]
    [InlineData("4.19.325", 0x0413FFu)]
    [InlineData("5.4", 0x050400u)]
    [InlineData("", 0u)]
    [InlineData("x.y", 0u)]
    public void Versions_are_read(string release, uint code) => Assert.Equal(code, KernelVersion.Parse(release));

    [Theory]
    [InlineData("bpf_ktime_get_ns", 5)]
    [InlineData("ktime_get_coarse_ns", 160)]
    [InlineData("probe_read_kernel", 113)]
    [InlineData("cgrp_storage_delete", 211)]
    [InlineData("nonsense", 0)]
    public void Helpers_have_numbers(string name, int number) => Assert.Equal(number, HelperNames.NumberOf(name));

    private static bool IsHelper(string group) => group.StartsWith("helper/", StringComparison.Ordinal);
}
