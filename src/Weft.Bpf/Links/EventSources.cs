using System.Globalization;
using System.Text;
using Weft.Bpf.Kernel;

namespace Weft.Bpf;

/// <summary>Sources of events beside those that have fixed numbers: <c>kprobe</c> and <c>uprobe</c>. Linux 4.17.</summary>
/// <param name="Type">Its number for <c>perf_event_open</c>.</param>
/// <param name="ReturnBit">The bit that asks for the return of a function.</param>
/// <param name="CounterBit">The lowest bit of the offset of a reference counter; -1 where there is none (before 4.20).</param>
internal readonly record struct EventSource(uint Type, int ReturnBit, int CounterBit)
{
    private const string Devices = "/sys/bus/event_source/devices/";

    /// <summary>A source; null where this kernel has none of the name.</summary>
    public static EventSource? Find(IKernel kernel, string name)
    {
        var type = Text(kernel, $"{Devices}{name}/type");
        return uint.TryParse(type, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? new(number, Math.Max(Bit(kernel, name, "retprobe"), 0), Bit(kernel, name, "ref_ctr_offset"))
            : null;
    }

    public static string? Text(IKernel kernel, string path) =>
        kernel.ReadFile(path) is { } bytes ? Encoding.UTF8.GetString(bytes).Trim() : null;

    /// <summary>The first bit of a field: <c>config:0</c>, <c>config:32-63</c>.</summary>
    private static int Bit(IKernel kernel, string name, string field)
    {
        var format = Text(kernel, $"{Devices}{name}/format/{field}");
        return format?.StartsWith("config:", StringComparison.Ordinal) == true
            && int.TryParse(format[7..].Split('-')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var bit) && bit < 64
                ? bit
                : -1;
    }
}
