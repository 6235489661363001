using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace Weft.Bpf.Kernel;

/// <summary>
/// The processors that a kernel may ever have. Maps with a value for each processor have one for each of these, whether it is
/// online or not.
/// </summary>
public static class PossibleProcessors
{
    private const string Path = "/sys/devices/system/cpu/possible";

    // What a kernel can be built for (NR_CPUS) is far below.
    private const int Most = 1 << 16;

    private static readonly ConditionalWeakTable<IKernel, StrongBox<int>> Counts = new();

    /// <summary>How many there are. The file is read once for each kernel.</summary>
    /// <param name="kernel">The kernel; null for the one below.</param>
    /// <exception cref="KernelException">The kernel does not tell.</exception>
    public static int Count(IKernel? kernel = null) =>
        Counts.GetValue(kernel ?? LinuxKernel.Instance, static kernel => new(Read(kernel))).Value;

    /// <summary>Counts what a list such as <c>0-3,8</c> names; -1 where it is none.</summary>
    internal static int CountOf(ReadOnlySpan<char> list)
    {
        var count = 0;
        list = list.Trim();
        foreach (var range in list.Split(','))
        {
            var part = list[range];
            var dash = part.IndexOf('-');
            if (!Number(dash < 0 ? part : part[..dash], out var first)
                || !Number(dash < 0 ? part : part[(dash + 1)..], out var last)
                || last < first)
            {
                return -1;
            }

            count += last - first + 1;
        }

        return count > Most ? -1 : count;
    }

    private static int Read(IKernel kernel)
    {
        var text = kernel.ReadFile(Path) ?? throw new KernelException(Errno.NoEntry, $"read {Path}");
        var count = CountOf(Encoding.ASCII.GetString(text));
        return count > 0 ? count : throw new KernelException(Errno.Invalid, $"read {Path}", "it is no list of processors");
    }

    private static bool Number(ReadOnlySpan<char> text, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number < Most;
}
