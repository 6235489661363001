using Weft.Bpf;
using Weft.Bpf.Kernel;

namespace Weft.Kernel.Guest.Checks;

/// <summary>What the library does where newer ways are missing: the kernel below hides them, and has the older ones still.</summary>
internal static class OlderWayChecks
{
    private const long NoEntry = -2;

    private static readonly IKernel WithoutLinks = new OlderKernel(hasLinks: false, hasProbeEvents: true);
    private static readonly IKernel WithoutEvents = new OlderKernel(hasLinks: true, hasProbeEvents: false);
    private static readonly IKernel WithoutBoth = new OlderKernel(hasLinks: false, hasProbeEvents: false);

    public static IEnumerable<Check> All =>
    [
        new("kprobe-by-event", () => Fires(WithoutLinks, "by_kprobe", 1)),
        new("tracepoint-by-event", () => Fires(WithoutLinks, "by_tracepoint", 1)),
        new("fexit-without-links", () => Fires(WithoutLinks, "by_fexit", NoEntry)),
        new("kprobe-by-tracefs", () => ByTracefs(WithoutEvents, "by_kprobe", 1)),
        new("kretprobe-by-tracefs", () => ByTracefs(WithoutEvents, "by_kretprobe", NoEntry)),
        new("kprobe-by-tracefs-and-event", () => ByTracefs(WithoutBoth, "by_kprobe", 1)),
        new("kprobe-by-tracefs-no-function", NoFunction),
        new("cgroup-without-links", () => NetworkChecks.CgroupPacket(WithoutLinks)),
    ];

    private static void Fires(IKernel kernel, string program, long number)
    {
        using var hook = Hook.Load(program, kernel);
        hook.Fires(Attach.Auto, ProbeChecks.UnlinkNothing, number);
    }

    private static void ByTracefs(IKernel kernel, string program, long number)
    {
        Fires(kernel, program, number);
        Check.Equal("", Lines(), "what is left of the probes");
    }

    private static void NoFunction()
    {
        using var hook = Hook.Load("by_kprobe", WithoutEvents);
        var error = Check.Throws<KernelException>(() => Attach.Kprobe(hook.Program, "there_is_no_such_function"));
        Check.Holds(error.Message.Contains("this kernel has no such function", StringComparison.Ordinal), error.Message);
        Check.Equal("", Lines(), "what is left of the probes");
    }

    private static string Lines() => File.ReadAllText("/sys/kernel/tracing/kprobe_events");
}
