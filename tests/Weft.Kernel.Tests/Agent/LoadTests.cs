using System.Text.Json;
using Weft.Kernel.Tests.Stage;

namespace Weft.Kernel.Tests.Agent;

public sealed class LoadTests
{
    [Fact]
    public async Task What_is_loaded_is_told_in_JSON()
    {
        Privileged.Require();
        var run = await AgentRun.With("functions.bpf.c", false, "bpf", "load", "--json", "{file}");
        Assert.Equal((0, ""), (run.Code, run.Error));
        var results = JsonDocument.Parse(run.Output).RootElement.EnumerateArray().ToList();
        Assert.Equal(["nested", "calls_back"], results.Select(r => r.GetProperty("name").GetString()));
        Assert.All(results, result => Assert.Equal(
            ["name", "section", "type", "attach_type", "loaded", "errno", "stage", "log", "instructions", "error"],
            result.EnumerateObject().Select(p => p.Name)));
        Assert.All(results, result => Assert.True(result.GetProperty("loaded").GetBoolean()));
        Assert.All(results, result => Assert.Equal("socket_filter", result.GetProperty("type").GetString()));
    }

    [Fact]
    public async Task What_is_refused_is_told_with_the_error_and_the_log()
    {
        Privileged.Require();
        var run = await AgentRun.With("trace.bpf.c", false, "bpf", "load", "--one-by-one", "--json", "{file}");
        Assert.Equal(1, run.Code);
        var results = JsonDocument.Parse(run.Output).RootElement.EnumerateArray().ToDictionary(r => r.GetProperty("name").GetString()!);
        Assert.True(results["nowhere"].GetProperty("loaded").GetBoolean());
        Assert.Equal(13, results["refused"].GetProperty("errno").GetInt32());
        Assert.Equal("prog_load refused", results["refused"].GetProperty("stage").GetString());
        Assert.Contains("invalid mem access", results["refused"].GetProperty("log").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task People_see_the_end_of_the_log()
    {
        Privileged.Require();
        var run = await AgentRun.With("trace.bpf.c", false, "bpf", "load", "--one-by-one", "{file}");
        Assert.Contains("\nrefused\n  prog_load refused: EACCES: R1 invalid mem access 'scalar'\n", run.Output, StringComparison.Ordinal);
        Assert.Contains("\n  | R1 invalid mem access 'scalar'\n", run.Output, StringComparison.Ordinal);
        Assert.EndsWith(" of 3 programs loaded\n", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Libbpf_loads_where_it_is_asked_to()
    {
        Privileged.Require();
        Libbpf.Require();
        var own = await AgentRun.With("functions.bpf.c", false, "bpf", "load", "--json", "{file}");
        var run = await AgentRun.With("functions.bpf.c", false, "bpf", "load", "--backend", "libbpf", "--json", "{file}");
        Assert.Equal(own, run);
        run = await AgentRun.With("congestion_none.bpf.c", false, "bpf", "load", "--backend", "automatic", "{file}");
        Assert.Equal(0, run.Code);
        Assert.EndsWith("3 of 3 programs loaded\n", run.Output, StringComparison.Ordinal);
        run = await AgentRun.With("trace.bpf.c", false, "bpf", "load", "--one-by-one", "--backend", "libbpf", "{file}");
        Assert.Contains("\nrefused\n  prog_load refused: EACCES: R1 invalid mem access 'scalar'", run.Output, StringComparison.Ordinal);
        run = await AgentRun.With("functions.bpf.c", false, "bpf", "load", "--backend", "other", "{file}");
        Assert.Equal(2, run.Code);
        Assert.Contains("--backend wants one of managed, libbpf, automatic", run.Error, StringComparison.Ordinal);
    }
}
