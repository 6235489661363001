using System.Runtime.InteropServices;
using Weft.Bpf;
using Weft.Bpf.Features;

namespace Weft.Kernel.Guest.Checks;

/// <summary>Many functions of the kernel, and of a library, by one link.</summary>
internal static class FunctionChecks
{
    private const string Library = "/objects/places.so";
    private const string Functions = Library + ":weft_call_*";
    private const long NoEntry = -2;

    private static readonly Lazy<nint> Loaded = new(() => NativeLibrary.Load(Library));

    public static IEnumerable<Check> All =>
    [
        new("kprobe-multi", () => OfKernel("by_kprobes", KernelFeature.KprobeMultiLink, 1)),
        new("kretprobe-multi", () => OfKernel("by_kretprobes", KernelFeature.KprobeMultiLink, NoEntry)),
        new("kprobe-multi-cookies", KprobeCookies),
        new("kprobe-multi-addresses", KprobeAddresses),
        new("kprobe-multi-no-function", NoFunction),
        new("kprobe-multi-separately", KprobesSeparately),
        new("kprobe-multi-missing", KprobesMissing),
        new("kprobe-session", () => OfKernel("by_kprobe_session", KernelFeature.KprobeSessionLink, 2)),
        new("uprobe-multi", () => OfLibrary("by_uprobes", KernelFeature.UprobeMultiLink, 2)),
        new("uretprobe-multi", () => OfLibrary("by_uretprobes", KernelFeature.UprobeMultiLink, 6)),
        new("uprobe-multi-cookies", UprobeCookies),
        new("uprobe-multi-separately", UprobesSeparately),
        new("uprobe-multi-missing", UprobesMissing),
        new("uprobe-session", () => OfLibrary("by_uprobe_session", KernelFeature.UprobeSessionLink, 4)),
    ];

    public static nint Place(string name) => NativeLibrary.GetExport(Loaded.Value, name);

    private static void OfKernel(string program, KernelFeature feature, long number)
    {
        Needs(feature);
        using var hook = Hook.Load(program, file: "probes");
        hook.Fires(Attach.Auto, ProbeChecks.UnlinkNothing, number);
    }

    private static void OfLibrary(string program, KernelFeature feature, long number)
    {
        Needs(feature);
        using var hook = Hook.Load(program, file: "probes", target: Functions);
        hook.Fires(Attach.Auto, Call, number);
    }

    private static void KprobeCookies()
    {
        Needs(KernelFeature.KprobeMultiLink);
        using var hook = Hook.Load("by_kprobe_cookies", file: "probes");
        var functions = KernelFunctions.Named("do_unlinkat", "do_rmdir").WithCookies(40, 700);
        hook.Fires(program => Attach.KprobeMulti(program, functions), ProbeChecks.UnlinkNothing, 40);
    }

    private static void KprobeAddresses()
    {
        Needs(KernelFeature.KprobeMultiLink);
        var line = File.ReadLines("/proc/kallsyms").First(l => l.EndsWith(" do_unlinkat", StringComparison.Ordinal));
        using var hook = Hook.Load("by_kprobe_cookies", file: "probes");
        var functions = KernelFunctions.At(Convert.ToUInt64(line[..16], 16)).WithCookies(17);
        hook.Fires(program => Attach.KprobeMulti(program, functions), ProbeChecks.UnlinkNothing, 17);
    }

    private static void NoFunction()
    {
        Needs(KernelFeature.KprobeMultiLink);
        using var hook = Hook.Load("by_kprobes", file: "probes");
        Check.Throws<KernelException>(() => Attach.KprobeMulti(hook.Program, KernelFunctions.Named("there_is_no_such_function")));
        Check.Throws<KernelException>(() => Attach.KprobeMulti(hook.Program, KernelFunctions.Matching("there_is_no_such_*")));
    }

    private static void KprobesSeparately()
    {
        Lacks(KernelFeature.KprobeMultiLink);
        using var hook = Hook.Load("by_kprobes", file: "probes");
        var functions = KernelFunctions.Matching("do_unlink?t");
        hook.Fires(program => Attach.KprobeMulti(program, functions, orSeparately: true), ProbeChecks.UnlinkNothing, 1);
    }

    private static void KprobesMissing()
    {
        Lacks(KernelFeature.KprobeMultiLink);
        using var hook = Hook.Load("by_kprobes", file: "probes");
        var error = Check.Throws<BpfNotSupportedException>(() => Attach.Auto(hook.Program));
        Check.Holds(error.Message.Contains("Linux 5.18 and needs CONFIG_FPROBE", StringComparison.Ordinal), error.Message);
    }

    private static void UprobeCookies()
    {
        Needs(KernelFeature.UprobeMultiLink);
        using var hook = Hook.Load("by_uprobe_cookies", file: "probes");
        var functions = UserFunctions.Named(Library, "weft_call_one", "weft_call_two").WithCookies(40, 700);
        hook.Fires(program => Attach.UprobeMulti(program, functions, Environment.ProcessId), Call, 740);
    }

    private static void UprobesSeparately()
    {
        Lacks(KernelFeature.UprobeMultiLink);
        using var hook = Hook.Load("by_uprobes", file: "probes");
        var functions = UserFunctions.Matching(Library, "weft_call_*");
        hook.Fires(program => Attach.UprobeMulti(program, functions, orSeparately: true), Call, 2);
    }

    private static void UprobesMissing()
    {
        Lacks(KernelFeature.UprobeMultiLink);
        using var hook = Hook.Load("by_uprobes", file: "probes", target: Functions);
        var error = Check.Throws<BpfNotSupportedException>(() => Attach.Auto(hook.Program));
        Check.Holds(error.Message.Contains("Linux 6.6", StringComparison.Ordinal), error.Message);
    }

    private static void Needs(KernelFeature feature)
    {
        if (KernelFeatures.Of(feature) is var answer && !answer.IsYes)
        {
            throw new SkipException($"{feature}: {answer}");
        }
    }

    private static void Lacks(KernelFeature feature)
    {
        if (KernelFeatures.Of(feature).IsYes)
        {
            throw new SkipException($"this kernel has {feature}");
        }
    }

    private static unsafe void Call() => Check.Equal(6, ((delegate* unmanaged<int>)Place("weft_calls"))(), "the sum of the calls");
}
