using System.Text;

namespace Weft.Agent.Text;

/// <summary>Columns below their titles. Numbers stand right: a title that begins with <c>&gt;</c> says so.</summary>
internal sealed class Table
{
    private const string Gap = "  ";

    // A name of a megabyte would make each row as wide.
    private const int Widest = 100;

    private readonly bool[] _isRight;
    private readonly List<string[]> _rows = [];

    public Table(params string[] titles)
    {
        _isRight = [.. titles.Select(t => t.StartsWith('>'))];
        _rows.Add([.. titles.Select(t => t.TrimStart('>'))]);
    }

    public bool IsEmpty => _rows.Count == 1;

    /// <summary>Adds a row. What is empty is shown as a dash.</summary>
    public void Add(params string[] cells) => _rows.Add([.. cells.Select((c, i) => Cell(c, isLast: i == cells.Length - 1))]);

    /// <param name="indent">Spaces before each line.</param>
    public void Write(StringBuilder text, int indent = 0)
    {
        // The last column needs no room behind it.
        var widths = Enumerable.Range(0, _isRight.Length).Select(i => i == _isRight.Length - 1 && !_isRight[i] ? 0 : _rows.Max(r => r[i].Length)).ToArray();
        foreach (var row in _rows)
        {
            var line = string.Join(Gap, row.Select((cell, i) => _isRight[i] ? cell.PadLeft(widths[i]) : cell.PadRight(widths[i])));
            text.Append(' ', indent).Append(line.TrimEnd()).Append('\n');
        }
    }

    private static string Cell(string text, bool isLast) =>
        text.Length == 0 ? "-" : Plain.Line(isLast || text.Length <= Widest ? text : text[..(Widest - 1)] + "…");

    public override string ToString()
    {
        var text = new StringBuilder();
        Write(text);
        return text.ToString();
    }
}
