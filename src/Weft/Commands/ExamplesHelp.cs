using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Weft.Commands;

/// <summary>The usual help, with the command's examples below it.</summary>
internal sealed class ExamplesHelp(HelpAction usual) : SynchronousCommandLineAction
{
    // Who asks for help need not have named what is required.
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        var result = usual.Invoke(parseResult);
        if (parseResult.CommandResult.Command is IExampleCommand { Examples: var examples })
        {
            parseResult.InvocationConfiguration.Output.WriteLine("Examples:");
            foreach (var example in examples)
            {
                parseResult.InvocationConfiguration.Output.WriteLine("  " + example);
            }

            parseResult.InvocationConfiguration.Output.WriteLine();
        }

        return result;
    }
}

/// <summary>A command with examples.</summary>
internal interface IExampleCommand
{
    public IReadOnlyList<string> Examples { get; }
}

/// <inheritdoc cref="IExampleCommand"/>
internal sealed class ExampleCommand(string name, string description, params string[] examples)
    : Command(name, description), IExampleCommand
{
    public IReadOnlyList<string> Examples { get; } = examples;
}
