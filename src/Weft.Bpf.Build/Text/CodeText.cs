using System.Text;

namespace Weft.Bpf.Build.Text;

/// <summary>Lines of C#, indented by their blocks. What a damaged object makes of it has an end.</summary>
internal sealed class CodeText
{
    private const int Most = 1 << 26;

    private readonly StringBuilder _text = new();
    private int _depth;

    public void Line(string line)
    {
        if (line.Length > 0)
        {
            _text.Append(' ', _depth * 4).Append(line);
        }

        _text.Append('\n');
        if (_text.Length > Most)
        {
            throw new BpfFormatException("the object has more types and names than a file of C# should have");
        }
    }

    /// <summary>A comment of documentation, whose text is C and may have any character.</summary>
    public void Summary(string c, string more = "") =>
        Line($"/// <summary><c>{CSharpName.Documented(c)}</c>{more}</summary>");

    public void Open(string head)
    {
        Line(head);
        Line("{");
        _depth++;
    }

    public void Close()
    {
        _depth--;
        Line("}");
    }

    public override string ToString() => _text.ToString();
}
