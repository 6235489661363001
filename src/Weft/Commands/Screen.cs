using Spectre.Console;

namespace Weft.Commands;

/// <summary>Where a command draws: without colours and 80 columns wide when nobody watches.</summary>
internal static class Screen
{
    private const int PipedWidth = 80;

    public static IAnsiConsole Of(TextWriter output)
    {
        var piped = !ReferenceEquals(output, Console.Out) || Console.IsOutputRedirected;
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(output),
            Ansi = piped ? AnsiSupport.No : AnsiSupport.Detect,
            ColorSystem = piped ? ColorSystemSupport.NoColors : ColorSystemSupport.Detect,
        });
        if (piped)
        {
            console.Profile.Width = PipedWidth;
        }

        return console;
    }
}
