using System.Text;

namespace Weft.Kernel.Guest;

/// <summary>Writes what became of each check to the console, a line each, for the test outside to read.</summary>
internal sealed class Report
{
    // Not Console.Out: that looks for a terminal's abilities, and there is no file of them here.
    private readonly Stream _console = Console.OpenStandardOutput();
    private int _passed;
    private int _failed;
    private int _skipped;

    public void Run(Check check)
    {
        try
        {
            check.Body();
            _passed++;
            Write($"ok {check.Name}");
        }
        catch (SkipException skip)
        {
            _skipped++;
            Write($"skip {check.Name}: {skip.Message}");
        }
#pragma warning disable CA1031 // Whatever it is: the next check comes.
        catch (Exception error)
#pragma warning restore CA1031
        {
            _failed++;
            Write($"not ok {check.Name}: {OneLine(error is CheckException ? error.Message : error.ToString())}");
        }
    }

    public void Note(string text) => Write($"# {OneLine(text)}");

    public void Done() => Write($"done {_passed} {_failed} {_skipped}");

    private static string OneLine(string text) =>
        string.Join(" | ", text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));

    private void Write(string line)
    {
        // Before it, too: the kernel may have left the cursor within a line of its own.
        _console.Write(Encoding.UTF8.GetBytes($"\r\n{line}\r\n"));
        _console.Flush();
    }
}
