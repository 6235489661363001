using System.Globalization;
using System.Text;
using Weft.Bpf.Kernel;

namespace Weft.Bpf;

/// <summary>The files of the kernel's tracing: numbers of tracepoints, and probes as they were before Linux 4.17.</summary>
internal static class Tracefs
{
    public const string NotMounted =
        "tracefs is not mounted at /sys/kernel/tracing (mount -t tracefs tracefs /sys/kernel/tracing), or cannot be read";

    private const int WriteAndAppend = 1 | 0x400;

    private static readonly string[] Roots = ["/sys/kernel/tracing", "/sys/kernel/debug/tracing"];

    /// <summary>Where it is mounted; null where it is not.</summary>
    public static string? Root(IKernel kernel) => Roots.FirstOrDefault(root => Exists(kernel, root + "/events"));

    /// <summary>The content of a file of it; null where there is none, or it is not mounted.</summary>
    public static byte[]? Read(IKernel kernel, string file) =>
        Roots.Select(root => kernel.ReadFile($"{root}/{file}")).FirstOrDefault(text => text is not null);

    /// <summary>The number of a tracepoint.</summary>
    /// <exception cref="KernelException">There is none, or tracefs is not mounted.</exception>
    public static ulong EventId(IKernel kernel, string group, string name, string hook)
    {
        foreach (var root in Roots)
        {
            var id = EventSource.Text(kernel, $"{root}/events/{group}/{name}/id");
            if (ulong.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            {
                return number;
            }
        }

        throw AttachHints.Refused(
            -Errno.NoEntry, hook, "event id", Root(kernel) is null ? NotMounted : "this kernel has no such tracepoint");
    }

    /// <summary>Makes a probe of a function of the kernel's, and an event of it.</summary>
    /// <param name="place">The function, with its offset.</param>
    /// <param name="isReturn">Whether of its return.</param>
    public static TracefsProbe AddKprobe(IKernel kernel, string place, bool isReturn, string hook)
    {
        if (Root(kernel) is not { } root || kernel.Open(root + "/kprobe_events", WriteAndAppend) is var result && result < 0)
        {
            throw AttachHints.Refused(
                -Errno.NoEntry, hook, "kprobe_events",
                "this kernel has no kprobes: neither /sys/bus/event_source/devices/kprobe nor kprobe_events in "
                + "/sys/kernel/tracing is there. It was built without them, or tracefs is not mounted; take a tracepoint");
        }

        using var file = BpfDescriptor.Of(kernel, result, hook);
        var name = $"weft_{RandomName.Next()}/probe";
        var written = Write(kernel, file, $"{(isReturn ? 'r' : 'p')}:{name} {place}");
        return written >= 0
            ? new(kernel, root + "/kprobe_events", name)
            : throw AttachHints.Refused(written, hook, "kprobe_events", KprobeHint(-written));
    }

    public static string? KprobeHint(long errno) => errno switch
    {
        Errno.NoEntry or Errno.Invalid or Errno.WrongSequence or 99 =>
            "this kernel has no such function (see /proc/kallsyms), it has several of the name, or it may not be probed there: "
            + "it is inlined, notrace, or the offset is inside of an instruction",
        Errno.KernelNotSupported => "ENOTSUPP: this function may not be probed",
        Errno.Busy => "the function is used by something that cannot share it",
        _ => null,
    };

    public static long Write(IKernel kernel, BpfDescriptor file, string line) =>
        kernel.Write(file.Number, Encoding.UTF8.GetBytes(line + '\n'));

    private static bool Exists(IKernel kernel, string path)
    {
        var result = kernel.Open(path, 0);
        if (result >= 0)
        {
            kernel.Close((int)result);
        }

        return result >= 0;
    }
}

/// <summary>A probe that was made by a line in <c>kprobe_events</c>. It stays when the process dies, so its name is ours.</summary>
/// <param name="path">The file with the line.</param>
/// <param name="name">Its group and name.</param>
internal sealed class TracefsProbe(IKernel kernel, string path, string name) : IDisposable
{
    public string Group => name.Split('/')[0];

    public string Event => name.Split('/')[1];

    public void Dispose()
    {
        // Refused while a pinned link uses it; then it stays with that.
        var result = kernel.Open(path, 1 | 0x400);
        if (result >= 0)
        {
            using var file = new BpfDescriptor(kernel, (int)result);
            Tracefs.Write(kernel, file, $"-:{name}");
        }
    }
}
