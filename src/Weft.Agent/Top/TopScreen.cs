using System.Globalization;
using Weft.Agent.Commands;
using Weft.Agent.Text;

namespace Weft.Agent.Top;

/// <summary>Shows what is measured: in place on a terminal, else one table below the other, or a line of JSON each.</summary>
internal sealed class TopScreen(TextWriter output, bool json) : IDisposable
{
    private const string Home = "\x1b[H";
    private const string Clear = "\x1b[2J\x1b[?25l";
    private const string RestOfLine = "\x1b[K";
    private const string RestOfScreen = "\x1b[J";
    private const string Cursor = "\x1b[?25h";

    // A text that somebody keeps is no terminal, though this process may have one.
    private readonly bool _isTerminal = !json && output is StreamWriter && !Console.IsOutputRedirected;
    private int _shown;

    public void Show(TopView view)
    {
        if (json)
        {
            output.Write(AgentJson.Line(view, j => j.TopView));
        }
        else if (_isTerminal)
        {
            // What does not fit would scroll the first lines away.
            var (width, height) = (Math.Max(Console.WindowWidth, 20), Math.Max(Console.WindowHeight, 3));
            var lines = Text(view).TrimEnd('\n').Split('\n').Take(height - 1).Select(l => (l.Length < width ? l : l[..(width - 1)]) + RestOfLine + "\n");
            output.Write($"{(_shown == 0 ? Clear : "")}{Home}{string.Concat(lines)}{RestOfScreen}");
        }
        else
        {
            output.Write($"{(_shown == 0 ? "" : "\n")}{Text(view)}");
        }

        _shown++;
    }

    public void Dispose() => output.Write(_isTerminal && _shown > 0 ? Cursor : "");

    private static string Text(TopView view)
    {
        var table = new Table(">ID", "NAME", "TYPE", ">RUNS/S", ">NS/RUN", ">CPU %", "ATTACHED BY");
        foreach (var program in view.Programs)
        {
            var links = program.Links.CountBy(l => l).Select(l => l.Value == 1 ? l.Key : $"{l.Value} {l.Key}");
            table.Add(
                Number(program.Id, 0), program.Name, program.Type, Number(program.RunsPerSecond, program.RunsPerSecond < 10 ? 1 : 0),
                program.RunsPerSecond > 0 ? Number(program.NsPerRun, 0) : "", Number(program.CpuPercent, 2), string.Join(", ", links));
        }

        return $"{Number(view.Programs.Sum(p => p.CpuPercent), 2)} % of one processor, {Number(view.Programs.Sum(p => p.RunsPerSecond), 0)} runs a second, "
            + $"{view.Programs.Count} programs\n\n{table}";
    }

    private static string Number(double value, int digits) => value.ToString(digits == 0 ? "0" : digits == 1 ? "0.0" : "0.00", CultureInfo.InvariantCulture);
}
