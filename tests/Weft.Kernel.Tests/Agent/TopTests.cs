using System.Collections.Immutable;
using System.Diagnostics;
using System.Text.Json;
using Weft.Agent.Top;
using Weft.Bpf;
using Weft.Kernel.Tests.Stage;

namespace Weft.Kernel.Tests.Agent;

public sealed class TopTests
{
    [Fact]
    public void Rates_are_of_the_time_between_two_samples()
    {
        var before = new TopSample(0, [Program(1, 10, 1), Program(2, 5, 1)], Links());
        var after = new TopSample(2 * Stopwatch.Frequency, [Program(1, 10, 1), Program(2, 205, 101), Program(3, 2, 1)], Links());
        var view = Watch.View(before, after);
        Assert.Equal([2u, 3, 1], view.Programs.Select(p => p.Id));
        var most = view.Programs[0];
        Assert.Equal((100.0, 500_000.0, 5.0), (most.RunsPerSecond, most.NsPerRun, most.CpuPercent));
        Assert.Equal(["tcx"], most.Links);
        Assert.Equal((0.0, 0.0), (view.Programs[2].RunsPerSecond, view.Programs[2].NsPerRun));
    }

    [Fact]
    public async Task Programs_that_run_are_counted_and_afterwards_no_more()
    {
        Privileged.Require();
        using var loaded = BpfObject.Load(ObjectSpec.Parse(Clang.Compile("functions.bpf.c")), new() { PinFolder = null });
        var run = await AgentRun.Of("bpf", "top", "--once", "--interval", "0.01", "--json");
        Assert.Equal((0, ""), (run.Code, run.Error));
        var programs = JsonDocument.Parse(run.Output).RootElement.GetProperty("programs").EnumerateArray().ToList();
        var id = loaded.Programs["nested"].Info.Id;
        Assert.Contains(programs, p => p.GetProperty("id").GetUInt32() == id && p.GetProperty("type").GetString() == "socket_filter");
    }

    [Fact]
    public async Task People_see_a_table()
    {
        Privileged.Require();
        var run = await AgentRun.Of("bpf", "top", "--once", "--interval", "0.01");
        Assert.Equal((0, ""), (run.Code, run.Error));
        Assert.Matches("^[0-9.]+ % of one processor, [0-9]+ runs a second, [0-9]+ programs\n\n *ID  NAME", run.Output);
    }

    private static ProgramInfo Program(uint id, ulong runs, double milliseconds) => new(
        id, ProgramType.Kprobe, "it", "", 0, 0, default, 0, ImmutableArray<uint>.Empty, true, 0, TimeSpan.FromMilliseconds(milliseconds), runs, 0, 0, 0);

    private static ILookup<uint, string> Links() => Enumerable.Repeat(2u, 1).ToLookup(id => id, _ => "tcx");
}
