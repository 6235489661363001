using System.CommandLine;
using Weft.Commands;
using Weft.Tests.Tidy;

namespace Weft.Tests.Commands;

public sealed class CommandsDocTests
{
    private const string Document = "docs/commands.md";
    private const string Heading = "## ";

    private static readonly Dictionary<string, string> Sections = SourceTree.Read(Document)
        .Split("\n" + Heading).Skip(1)
        .ToDictionary(s => s[..s.IndexOf('\n')].Trim('`', ' '), s => s, StringComparer.Ordinal);

    [Fact]
    public void Every_command_has_a_section_with_its_options()
    {
        Rule.Holds($"{Document} has every command and option", Leaves(WeftCommand.Create(), "weft").SelectMany(Missing));
    }

    [Fact]
    public void Every_section_of_a_command_is_one_of_a_command_that_exists()
    {
        var commands = Leaves(WeftCommand.Create(), "weft").Select(c => c.Path);
        Rule.Holds(
            $"{Document} has no command of the past",
            Sections.Keys.Where(s => s.StartsWith("weft ", StringComparison.Ordinal)).Except(commands));
    }

    [Theory]
    [InlineData("proxy")]
    [InlineData("bootstrap", "envoy")]
    public void Help_does_not_ask_for_what_the_command_requires(params string[] command)
    {
        using var output = new StringWriter();
        var parsed = WeftCommand.Create().Parse([.. command, "--help"]);
        Assert.Empty(parsed.Errors);
        Assert.Equal(0, parsed.Invoke(new() { Output = output }));
        Assert.Contains("Examples:", output.ToString(), StringComparison.Ordinal);
    }

    private static IEnumerable<(Command Command, string Path)> Leaves(Command command, string path) =>
        command.Subcommands.Count == 0
            ? [(command, path)]
            : command.Subcommands.SelectMany(c => Leaves(c, $"{path} {c.Name}"));

    // What the table of a section must have: a row for each option and argument; each example as it is.
    private static IEnumerable<string> Missing((Command Command, string Path) leaf)
    {
        if (!Sections.TryGetValue(leaf.Path, out var section))
        {
            return [$"{leaf.Path} has no section"];
        }

        var examples = leaf.Command is IExampleCommand { Examples: var some } ? some : [];
        return leaf.Command.Options.Select(o => o.Name).Concat(leaf.Command.Arguments.Select(a => a.Name))
            .Where(name => !section.Contains($"| `{name}", StringComparison.Ordinal))
            .Concat(examples.Where(e => !section.Contains(e, StringComparison.Ordinal)))
            .Select(what => $"{leaf.Path}: {what}");
    }
}
