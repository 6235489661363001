using System.Globalization;
using System.Runtime.CompilerServices;
using Weft.Bpf;

namespace Weft.Kernel.Guest.Checks;

/// <summary>Functions of the kernel and of programs, by probes.</summary>
internal static class ProbeChecks
{
    private const string Function = "do_unlinkat";
    private const string Library = "/lib/x86_64-linux-gnu/libc.so.6";
    private const long NoEntry = -2;
    private const ulong Cookie = 4711;

    public static IEnumerable<Check> All =>
    [
        new("kprobe", () => Hook.Fires("by_kprobe", UnlinkNothing, 1)),
        new("kretprobe", () => Hook.Fires("by_kretprobe", UnlinkNothing, NoEntry)),
        new("kprobe-offset", KprobeWithOffset),
        new("kprobe-cookie", KprobeWithCookie),
        new("kprobe-inside-instruction", () => IsRefused(Function, 2)),
        new("kprobe-no-function", () => IsRefused("there_is_no_such_function", 0)),
        new("kprobe-pin", KprobeStaysWhenPinned),
        new("uprobe", () => Uprobe(new(Library, "getppid"), Native.Parent)),
        new("uprobe-itself", () => Uprobe(Itself(), Touch)),
        new("uretprobe", Uretprobe),
    ];

    public static void UnlinkNothing() => Check.Equal(-1, Native.Unlink("/there/is/nothing"), "unlink of nothing");

    private static void KprobeWithOffset()
    {
        // The instruction behind the one that ftrace patches: five bytes, after the four of endbr64 where the kernel has it.
        using var hook = Hook.Load("by_kprobe");
        hook.Fires(AttachToSecond, UnlinkNothing, 1);
    }

    private static BpfLink AttachToSecond(BpfProgram program)
    {
        try
        {
            return Attach.Kprobe(program, Function, 5);
        }
        catch (KernelException)
        {
            return Attach.Kprobe(program, Function, 9);
        }
    }

    private static void KprobeWithCookie()
    {
        Check.NeedsLinux(5, 15);
        using var hook = Hook.Load("by_cookie");
        hook.Fires(program => Attach.Kprobe(program, Function, cookie: Cookie), UnlinkNothing, (long)Cookie);
    }

    private static void IsRefused(string function, ulong offset)
    {
        using var hook = Hook.Load("by_kprobe");
        var error = Check.Throws<KernelException>(() => Attach.Kprobe(hook.Program, function, offset));
        Check.Holds(error.Message.Contains("this kernel has no such function", StringComparison.Ordinal), error.Message);
    }

    private static void KprobeStaysWhenPinned()
    {
        const string Path = "/sys/fs/bpf/kprobe";
        using var hook = Hook.Load("by_kprobe");
        using (var link = Attach.Auto(hook.Program))
        {
            if (Machine.Version < new Version(5, 15))
            {
                Check.Throws<BpfNotSupportedException>(() => link.Pin(Path));
                throw new SkipException("came with Linux 5.15; it was refused with the reason");
            }

            link.Pin(Path);
        }

        UnlinkNothing();
        Check.Equal(1, hook.Count, "runs while it is pinned");
        using (var opened = BpfLink.OpenPinned(Path))
        {
            Check.Equal(LinkType.PerfEvent, opened.Info.Type, "the type of the pinned link");
            opened.Detach();
        }

        // The kernel gives names back after a while.
        Check.Eventually(() => hook.IsQuietDuring(UnlinkNothing), "it does not run after it is unpinned");
    }

    private static void Uprobe(UserPlace place, Action action)
    {
        using var hook = Hook.Load("by_uprobe");
        hook.Fires(program => Attach.Uprobe(program, place), action, 1);
    }

    private static void Uretprobe()
    {
        using var hook = Hook.Load("by_uprobe");
        hook.Fires(program => Attach.Uretprobe(program, new(Library, "getppid"), Environment.ProcessId), Native.Parent, 1);
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.NoOptimization)]
    private static void Touch()
    {
    }

    /// <summary>Where this program's file has the method.</summary>
    private static unsafe UserPlace Itself()
    {
        delegate*<void> method = &Touch;
        var address = (ulong)method;
        foreach (var line in File.ReadLines("/proc/self/maps"))
        {
            // "start-end rights offset device inode path"
            var fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            var range = fields[0].Split('-').Select(Hex).ToList();
            if (address >= range[0] && address < range[1])
            {
                return new(fields[^1], Offset: address - range[0] + Hex(fields[2]));
            }
        }

        throw new CheckException("the method lies in no file");
    }

    private static ulong Hex(string text) => ulong.Parse(text, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
