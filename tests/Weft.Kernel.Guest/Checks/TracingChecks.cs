using System.Runtime.InteropServices;
using Weft.Bpf;

namespace Weft.Kernel.Guest.Checks;

/// <summary>Functions and tracepoints of the kernel by their types, security hooks, and iterators.</summary>
internal static class TracingChecks
{
    private const int CurrentFolder = -100;
    private const long NoEntry = -2;
    private const int NotPermitted = 1;

    public static IEnumerable<Check> All =>
    [
        new("fentry", () => Hook.Fires("by_fentry", ProbeChecks.UnlinkNothing, CurrentFolder)),
        new("fexit", () => Hook.Fires("by_fexit", ProbeChecks.UnlinkNothing, NoEntry)),
        new("fentry-cookie", FentryWithCookie),
        new("fmod-ret", () => Denies("by_fmod_ret", "/tmp/made", path => Native.MakeFolder(path, 0x1ED))),
        new("lsm", Lsm),
        new("lsm-sleepable", SleepableLsm),
        new("tracepoint", () => Hook.Fires("by_tracepoint", ProbeChecks.UnlinkNothing, 1)),
        new("raw-tracepoint", () => Hook.Fires("by_raw_tracepoint", Native.Parent)),
        new("typed-tracepoint", () => Hook.Fires("by_typed_tracepoint", Native.Parent, 1)),
        new("iterator", Iterator),
    ];

    private static void FentryWithCookie()
    {
        Check.NeedsLinux(5, 19);
        using var hook = Hook.Load("by_fentry_cookie");
        hook.Fires(program => Attach.Tracing(program, 4711), ProbeChecks.UnlinkNothing, 4711);
    }

    private static void Lsm()
    {
        NeedsSecurityPrograms();
        Directory.CreateDirectory("/tmp/kept");
        Denies("by_lsm", "/tmp/kept", Native.RemoveFolder);
        Check.Holds(!Directory.Exists("/tmp/kept"), "the folder is gone once nothing denies it");
    }

    private static void SleepableLsm()
    {
        NeedsSecurityPrograms();
        Check.NeedsLinux(5, 11);
        Hook.Fires("by_sleepable_lsm", () => File.ReadAllText("/proc/self/comm"), 1);
    }

    /// <summary>A call is refused while the program is attached, and succeeds afterwards.</summary>
    private static void Denies(string program, string path, Func<string, int> call)
    {
        using var hook = Hook.Load(program);
        using (Attach.Auto(hook.Program))
        {
            Check.Equal(-1, call(path), "the call's result");
            Check.Equal(NotPermitted, Marshal.GetLastPInvokeError(), "the call's error");
        }

        Check.Equal(1, hook.Count, $"runs of {program}");
        Check.Equal(0, call(path), "the call's result when nothing denies it");
    }

    private static void NeedsSecurityPrograms()
    {
        if (!Machine.HasSecurityPrograms)
        {
            throw new SkipException("this kernel was started without programs for its security hooks");
        }
    }

    private static void Iterator()
    {
        using var hook = Hook.Load("by_iterator");
        var tasks = MemoryMarshal.Cast<byte, int>(BpfIterator.Read(hook.Program)).ToArray();
        Check.Holds(tasks.Contains(Environment.ProcessId), "this process is among the tasks");
        Check.Holds(tasks.Distinct().Count() > 10, $"there are more than ten tasks, not {tasks.Length}");
    }
}
