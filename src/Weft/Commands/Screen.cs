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

    /// <summary>A line; in colour where somebody watches. Piped it is one line, so that it can be searched for.</summary>
    public static void Line(IAnsiConsole screen, string colour, string text)
    {
        if (screen.Profile.Capabilities.Ansi)
        {
            screen.MarkupLine($"[{colour}]{Markup.Escape(text)}[/]");
        }
        else
        {
            screen.Profile.Out.Writer.WriteLine(text);
        }
    }
}
