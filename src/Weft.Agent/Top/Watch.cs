using System.Diagnostics;
using Weft.Agent.Text;
using Weft.Bpf;

namespace Weft.Agent.Top;

/// <summary>Measures again and again, until it is ended; then the kernel measures no more.</summary>
internal static class Watch
{
    private const int NanosecondsInTick = 100;

    public static async Task RunAsync(TimeSpan interval, bool once, TopScreen screen, CancellationToken cancellation)
    {
        using var statistics = RunStatistics.Enable();
        using var shown = screen;
        var before = Sample();
        try
        {
            do
            {
                await Task.Delay(interval, cancellation);
                var after = Sample();
                screen.Show(View(before, after));
                before = after;
            }
            while (!once);
        }
        catch (OperationCanceledException)
        {
            // It was ended.
        }
    }

    /// <summary>What ran between two samples, the longest first; programs that came between count from then on.</summary>
    public static TopView View(TopSample before, TopSample after)
    {
        var seconds = Math.Max(Stopwatch.GetElapsedTime(before.At, after.At).TotalSeconds, 1e-9);
        var earlier = before.Programs.ToDictionary(p => p.Id);
        return new(seconds, [.. after.Programs.Select(Program).OrderByDescending(p => p.CpuPercent).ThenByDescending(p => p.RunsPerSecond).ThenBy(p => p.Id)]);

        TopProgram Program(ProgramInfo now)
        {
            var (count, time) = earlier.TryGetValue(now.Id, out var then) ? (then.RunCount, then.RunTime) : (0ul, TimeSpan.Zero);
            var runs = now.RunCount >= count ? now.RunCount - count : 0;
            var ran = now.RunTime > time ? now.RunTime - time : TimeSpan.Zero;
            return new(
                now.Id, Names.Of(now.Type), now.Name, [.. after.Links[now.Id]], runs / seconds,
                runs == 0 ? 0 : (double)ran.Ticks * NanosecondsInTick / runs, ran.TotalSeconds / seconds * 100, now.RunCount, now.RunTime.Ticks * NanosecondsInTick);
        }
    }

    private static TopSample Sample() => new(Stopwatch.GetTimestamp(), [.. KernelObjects.ProgramInfos()], Links());

    private static ILookup<uint, string> Links()
    {
        try
        {
            return KernelObjects.LinkInfos().ToLookup(l => l.ProgramId, l => Names.Of(l.Type));
        }
        catch (KernelException)
        {
            // Before Linux 5.8 they are not listed.
            return Array.Empty<LinkInfo>().ToLookup(l => l.ProgramId, l => "");
        }
    }
}

/// <summary>What the kernel has counted.</summary>
/// <param name="At">When, as <see cref="Stopwatch"/> has it.</param>
/// <param name="Links">What programs are attached to, by their ids.</param>
internal sealed record TopSample(long At, List<ProgramInfo> Programs, ILookup<uint, string> Links);

/// <param name="Seconds">How long was measured.</param>
internal sealed record TopView(double Seconds, List<TopProgram> Programs);

/// <param name="Links">The kinds of links by which it is attached; empty where it is attached without, or not at all.</param>
/// <param name="CpuPercent">Of one processor.</param>
/// <param name="RunCount">How often it ran while anybody measured.</param>
internal sealed record TopProgram(
    uint Id, string Type, string Name, List<string> Links, double RunsPerSecond, double NsPerRun, double CpuPercent, ulong RunCount, long RunTimeNs);
