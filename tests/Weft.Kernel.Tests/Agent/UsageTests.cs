using Weft.Agent.Commands;

namespace Weft.Kernel.Tests.Agent;

public sealed class UsageTests
{
    [Theory]
    [InlineData("", "Try 'weft-agent --help'.")]
    [InlineData("bpf", "Try 'weft-agent bpf --help'.")]
    [InlineData("bpf inspect", "Try 'weft-agent bpf inspect --help'.")]
    [InlineData("bpf trace x.o --count 0", "--count wants a number above 0")]
    [InlineData("bpf trace x.o --duration -1", "--duration wants seconds above 0")]
    [InlineData("bpf top --interval 0", "--interval wants seconds above 0")]
    [InlineData("bpf skeleton x.o --events nothing", "--events nothing: it wants MAP=STRUCTURE")]
    [InlineData("bpf features --group nothing", "there is no group 'nothing' here")]
    public async Task Wrong_usage_is_told_and_gives_2(string arguments, string told)
    {
        var run = await AgentRun.Of(arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal((2, ""), (run.Code, run.Output));
        Assert.Contains(told, run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("load")]
    [InlineData("inspect")]
    [InlineData("trace")]
    [InlineData("list")]
    [InlineData("features")]
    [InlineData("vmlinux")]
    [InlineData("why")]
    [InlineData("pin")]
    [InlineData("unpin")]
    [InlineData("top")]
    [InlineData("skeleton")]
    public async Task Each_command_has_help_with_examples(string command)
    {
        var run = await AgentRun.Of("bpf", command, "--help");
        Assert.Equal((0, ""), (run.Code, run.Error));
        Assert.Contains($"Examples:\n  weft-agent bpf {command}", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Examples_are_right()
    {
        var bpf = AgentCommand.Create().Subcommands.Single();
        var examples = bpf.Subcommands.OfType<ExampleCommand>().SelectMany(c => c.Examples).ToList();
        Assert.NotEmpty(examples);
        Assert.All(examples, example =>
        {
            var words = example.Split(" | ")[0].Split(' ');
            Assert.Equal("weft-agent", words[0]);
            Assert.Empty(AgentCommand.Create().Parse(words[1..]).Errors);
        });
    }
}
