using System.Text.Json;
using Weft.Agent.Trace;
using Weft.Bpf;
using Weft.Kernel.Tests.Stage;

namespace Weft.Kernel.Tests.Agent;

/// <summary><c>bpf features</c> and <c>bpf list</c>.</summary>
public sealed class KernelTests
{
    [Fact]
    public async Task Each_question_has_one_of_three_answers()
    {
        Privileged.Require();
        var run = await AgentRun.Of("bpf", "features", "--json");
        Assert.Equal((0, ""), (run.Code, run.Error));
        var answers = JsonDocument.Parse(run.Output).RootElement.EnumerateArray().ToList();
        Assert.Subset(
            answers.Select(a => a.GetProperty("group").GetString()).ToHashSet(), new HashSet<string?> { "attach", "types", "misc", "map", "program", "helper/kprobe" });
        Assert.All(answers, answer =>
        {
            Assert.Equal(["name", "group", "answer", "errno", "stage", "why"], answer.EnumerateObject().Select(p => p.Name));
            var isYes = answer.GetProperty("answer").GetString() == "yes";
            Assert.Contains(answer.GetProperty("answer").GetString(), (string[])["yes", "refused", "unknown"]);
            Assert.Equal(isYes, answer.GetProperty("errno").GetInt32() == 0);
            Assert.Equal(isYes, answer.GetProperty("stage").ValueKind == JsonValueKind.Null);
            Assert.Equal(isYes, answer.GetProperty("why").ValueKind == JsonValueKind.Null);
        });
        Assert.Equal("yes", answers.First(a => a.GetProperty("name").GetString() == "array").GetProperty("answer").GetString());
    }

    [Fact]
    public async Task Helpers_are_counted_or_listed()
    {
        Privileged.Require();
        Assert.Contains("\nhelper/kprobe ", (await AgentRun.Of("bpf", "features")).Output, StringComparison.Ordinal);
        var run = await AgentRun.Of("bpf", "features", "--group", "helper/kprobe");
        Assert.Contains("\nmap_lookup_elem ", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("ATTACH", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_loaded_is_listed_with_the_process_that_holds_it()
    {
        Privileged.Require();
        var spec = ObjectSpec.Parse(Clang.Compile("trace.bpf.c"));

        // Takes the types of records from its maps, which the kernel refuses.
        RecordTypes.Of(spec, null);
        using var loaded = BpfObject.Load(spec, new() { BestEffort = true });
        using var link = Attach.Auto(loaded.Programs["executed"]);
        var run = await AgentRun.Of("bpf", "list", "--json");
        Assert.Equal((0, ""), (run.Code, run.Error));
        var root = JsonDocument.Parse(run.Output).RootElement;
        var program = Assert.Single(root.GetProperty("programs").EnumerateArray(), p => p.GetProperty("id").GetUInt32() == loaded.Programs["executed"].Info.Id);
        Assert.Equal(("executed", "raw_tracepoint"), (program.GetProperty("name").GetString(), program.GetProperty("type").GetString()));
        Assert.Contains(program.GetProperty("pids").EnumerateArray(), p => p.GetInt32() == Environment.ProcessId);
        Assert.Contains(root.GetProperty("links").EnumerateArray(), l => l.GetProperty("id").GetUInt32() == link.Info.Id && l.GetProperty("program").GetString() == "executed");
        var map = Assert.Single(root.GetProperty("maps").EnumerateArray(), m => m.GetProperty("id").GetUInt32() == loaded.Maps["events"].Info.Id);
        Assert.Equal(4096u, map.GetProperty("max_entries").GetUInt32());
        Assert.Contains("executed", (await AgentRun.Of("bpf", "list")).Output, StringComparison.Ordinal);
    }
}
