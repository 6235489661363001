using System.Text.Json;
using Weft.Kernel.Tests.Stage;

namespace Weft.Kernel.Tests.Agent;

/// <summary>
/// Each known reason has a program that this kernel refuses for it. refused/too_complex.bpf.c is not among them: a log of a
/// million instructions takes half a minute.
/// </summary>
public sealed class WhyTests
{
    [Theory]
    [InlineData("missing_null_check", "missing-null-check", 17)]
    [InlineData("unbounded_loop", "unbounded-loop", 7)]
    [InlineData("uninitialised_register", "uninitialised-register", 7)]
    [InlineData("packet_bounds", "packet-bounds", 9)]
    [InlineData("unreleased_reference", "unreleased-reference", 16)]
    [InlineData("unknown_helper", "unknown-helper", 9)]
    [InlineData("helper_of_another_type", "helper-not-allowed", 7)]
    [InlineData("gpl_only", "gpl-only", 10)]
    [InlineData("function_not_allowed", "function-not-allowed", 12)]
    [InlineData("function_missing", "symbol-missing", 0)]
    [InlineData("pointer_arithmetic", "pointer-arithmetic", 19)]
    [InlineData("negative_length", "negative-length", 11)]
    [InlineData("index_out_of_bounds", "out-of-bounds", 11)]
    [InlineData("stack_limit", "stack-limit", 0)]
    [InlineData("field_missing", "field-missing", 12)]
    [InlineData("context_access", "context-access", 7)]
    [InlineData("number_as_address", "number-as-address", 7)]
    [InlineData("return_value", "return-value", 7)]
    [InlineData("read_only", "read-only", 9)]
    [InlineData("wrong_argument", "wrong-argument", 14)]
    [InlineData("attach_target_missing", "attach-target-missing", 0)]
    [InlineData("no_section", "type-unknown", 0)]
    [InlineData("lock_held", "lock-held", 27)]
    [InlineData("may_sleep", "may-sleep", 9)]
    public async Task A_refusal_is_brought_to_its_line_and_explained(string source, string reason, int line)
    {
        Privileged.Require();
        var run = await AgentRun.With($"refused/{source}.bpf.c", false, "bpf", "why", "--json", "{file}", "refused");
        Assert.Equal((1, ""), (run.Code, run.Error));
        var view = JsonDocument.Parse(run.Output).RootElement;
        Assert.Equal(reason, view.GetProperty("class").GetString());
        Assert.Equal(line, view.GetProperty("source").EnumerateArray()
            .Where(l => l.GetProperty("here").GetBoolean()).Select(l => l.GetProperty("line").GetInt32()).FirstOrDefault());
        Assert.All(["why", "fix"], field => Assert.NotEmpty(view.GetProperty(field).GetString()!));
    }

    [Fact]
    public async Task People_see_the_line_the_register_and_the_fix()
    {
        Privileged.Require();
        var run = await AgentRun.With("refused/missing_null_check.bpf.c", false, "bpf", "why", "{file}", "refused");
        Assert.Equal(1, run.Code);
        Assert.Contains("\n  >   17 |     *count += 1;\n", run.Output, StringComparison.Ordinal);
        Assert.Contains("\n  instruction 7: r1 = *(u64 *)(r0 +0)\n    R0   map_value_or_null", run.Output, StringComparison.Ordinal);
        Assert.Contains("\n         = a value of a map, or NULL\n", run.Output, StringComparison.Ordinal);
        Assert.Contains("\n       if (!value)\n               return 0;\n", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("missing_null_check")]
    [InlineData("wrong_argument")]
    [InlineData("field_missing")]
    [InlineData("function_missing")]
    public async Task The_text_has_at_most_80_columns(string source)
    {
        Privileged.Require();
        var run = await AgentRun.With($"refused/{source}.bpf.c", false, "bpf", "why", "{file}", "refused");

        // Where it lies is not cut.
        Assert.All(run.Output.Split('\n').Where(l => !l.Contains(".bpf.c:", StringComparison.Ordinal)), l => Assert.InRange(l.Length, 0, 79));
    }

    [Fact]
    public async Task A_field_that_is_missing_is_named()
    {
        Privileged.Require();
        var run = await AgentRun.With("refused/field_missing.bpf.c", false, "bpf", "why", "--json", "{file}", "refused");
        Assert.Contains("task_struct.no_such_field", JsonDocument.Parse(run.Output).RootElement.GetProperty("why").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_that_loads_is_told_with_what_it_takes()
    {
        Privileged.Require();
        var run = await AgentRun.With("functions.bpf.c", false, "bpf", "why", "--json", "{file}", "nested");
        var view = JsonDocument.Parse(run.Output).RootElement;
        Assert.Equal((0, true), (run.Code, view.GetProperty("loaded").GetBoolean()));
        Assert.All(["instructions", "processed"], field => Assert.InRange(view.GetProperty(field).GetInt32(), 1, 100_000));
    }

    [Fact]
    public async Task A_program_that_is_not_there_is_told()
    {
        var run = await AgentRun.With("functions.bpf.c", false, "bpf", "why", "{file}", "nothing");
        Assert.Equal((1, ""), (run.Code, run.Output));
        Assert.Contains("there is no program nothing; it has nested, calls_back", run.Error, StringComparison.Ordinal);
    }
}
