using System.Diagnostics;
using System.Globalization;
using Weft.Bpf.Btf;

namespace Weft.BpfBench;

/// <summary>How long the kernel's types take from nothing to a hundred names, and what memory: each round in a new process.</summary>
internal static class BtfBench
{
    public const string RoundName = "btfround";

    // All that is resident, as the other programs count, and what is not a page of this program's own file.
    private const string All = "VmRSS:";
    private const string Anonymous = "RssAnon:";

    private static readonly string[] Fields =
    [
        "load_us", "find_100_us", "find_100_again_us", "decode_100_us", "found", "types", "load_alloc_bytes", "find_alloc_bytes",
        "rss_delta_load_kb", "rss_delta_find_kb", "rss_delta_released_kb",
        "anonymous_delta_released_kb",
    ];

    public static void Run(Options options)
    {
        var samples = Fields.ToDictionary(f => f, _ => new Samples());
        for (var round = 0; round < options.Rounds; round++)
        {
            foreach (var (field, value) in Fields.Zip(NewProcess().Split(' ')))
            {
                samples[field].Add(double.Parse(value, CultureInfo.InvariantCulture));
            }
        }

        Samples.Print("btf", json =>
        {
            foreach (var field in Fields)
            {
                samples[field].Write(json, field);
            }
        });
    }

    public static void RunRound()
    {
        Resident(All);
        Resident(Anonymous);
        var (own, resident, allocated) = (Resident(Anonymous), Resident(All), GC.GetAllocatedBytesForCurrentThread());
        var start = Stopwatch.GetTimestamp();
        var types = KernelTypes.Load();
        var loaded = Stopwatch.GetTimestamp();
        var (residentLoaded, allocatedLoaded) = (Resident(All), GC.GetAllocatedBytesForCurrentThread());
        var (found, first) = Find(types.Kernel);
        var allocatedFound = GC.GetAllocatedBytesForCurrentThread();
        var (_, again) = Find(types.Kernel);
        var residentFound = Resident(All);
        var count = types.Kernel.Count;
        types.Dispose();
        var (residentReleased, ownReleased) = (Resident(All), Resident(Anonymous));
        var decoded = Decode();
        double[] values =
        [
            Samples.Nanoseconds(start, loaded) / 1e3, first, again, decoded, found, count, allocatedLoaded - allocated,
            allocatedFound - allocatedLoaded, residentLoaded - resident, residentFound - resident, residentReleased - resident,
            ownReleased - own,
        ];
        Console.WriteLine(string.Join(' ', values.Select(v => v.ToString(CultureInfo.InvariantCulture))));
    }

    private static (int Found, double Microseconds) Find(BtfSpec types)
    {
        var found = 0;
        var start = Stopwatch.GetTimestamp();
        foreach (var name in KernelNames.All)
        {
            found += types.FindId(name, BtfKind.Struct) != 0 || types.FindId(name, BtfKind.Union) != 0 ? 1 : 0;
        }

        return (found, Samples.Nanoseconds(start, Stopwatch.GetTimestamp()) / 1e3);
    }

    // Not with the others: decoded types are on the heap until a collection.
    private static double Decode()
    {
        using var types = KernelTypes.Load();
        types.Kernel.FindId("", BtfKind.Struct);
        var start = Stopwatch.GetTimestamp();
        foreach (var name in KernelNames.All)
        {
            types.Kernel.Find<BtfComposite>(name, BtfKind.Struct);
        }

        return Samples.Nanoseconds(start, Stopwatch.GetTimestamp()) / 1e3;
    }

    private static string NewProcess()
    {
        using var process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, [RoundName]) { RedirectStandardOutput = true })!;
        var line = process.StandardOutput.ReadLine() ?? "";
        process.WaitForExit();
        return process.ExitCode == 0 ? line : throw new InvalidOperationException($"a round ended with {process.ExitCode}");
    }

    // Kibibytes of this process in memory, as the other programs read them.
    private static long Resident(string kind)
    {
        var line = File.ReadLines("/proc/self/status").First(l => l.StartsWith(kind, StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
    }
}
