using System.Globalization;
using Weft.Bpf.Kernel;

namespace Weft.Bpf;

/// <summary>Lists of processors as the kernel writes them: <c>0-3,8</c>.</summary>
internal static class ProcessorList
{
    private const int Most = 65536;

    /// <summary>Processors that run now.</summary>
    public static IReadOnlyList<int> Online(IKernel kernel) =>
        Parse(EventSource.Text(kernel, "/sys/devices/system/cpu/online") ?? "0");

    public static IReadOnlyList<int> Parse(string text)
    {
        var result = new List<int>();
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var ends = part.Split('-');
            var (first, last) = (Number(ends[0], text), Number(ends[^1], text));
            for (var cpu = first; cpu <= last; cpu++)
            {
                result.Add(cpu);
            }
        }

        return result;
    }

    private static int Number(string digits, string text) =>
        int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number < Most
            ? number
            : throw new BpfFormatException($"'{text}' is no list of processors");
}
