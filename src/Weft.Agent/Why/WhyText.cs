using System.Globalization;
using System.Text;
using Weft.Agent.Text;

namespace Weft.Agent.Why;

/// <summary>Why a program is refused, for people, in 80 columns.</summary>
internal static class WhyText
{
    private const int Width = 78;
    private const int ShownLog = 8;

    public static string Of(WhyView view)
    {
        var text = new StringBuilder();
        var kind = view.Section.StartsWith(view.Type, StringComparison.Ordinal) ? view.Section : $"{view.Type}, {view.Section}";
        text.Append(CultureInfo.InvariantCulture, $"{Plain.Line(view.Name)} ({Plain.Line(kind)}): {(view.Loaded ? "loaded" : "REFUSED")}\n");
        if (view.Loaded)
        {
            var stack = view.Stack > 0 ? $", {view.Stack} bytes of stack" : "";
            return text.Append(CultureInfo.InvariantCulture, $"  {view.Instructions} instructions; the verifier went through {view.Processed}{stack}\n").ToString();
        }

        Wrap(text.Append('\n'), "  ", view.Reason ?? view.Error ?? "");
        Source(text, view);
        Registers(text, view);
        if (view.Class is null)
        {
            Log(text, view);
            return text.ToString();
        }

        Wrap(text.Append("\nWHY  "), "     ", view.Why!, isBegun: true);
        Wrap(text.Append("\nFIX  "), "     ", view.Fix!, isBegun: true);
        foreach (var line in view.Example is { } example ? ("\n" + example).Split('\n') : [])
        {
            text.Append(line.Length == 0 ? "" : "       ").Append(line).Append('\n');
        }

        return text.ToString();
    }

    private static void Source(StringBuilder text, WhyView view)
    {
        var here = view.Source.FirstOrDefault(l => l.Here);
        if (here is not null)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n  {Plain.Line(here.File)}:{here.Line}\n");
        }

        foreach (var line in view.Source)
        {
            var mark = line.Here ? '>' : ' ';
            text.Append(CultureInfo.InvariantCulture, $"  {mark}{line.Line,5} | ").Append(Cut(line.Text.Replace("\t", "    ", StringComparison.Ordinal), Width - 10)).Append('\n');
        }

        if (view.InstructionText is { } instruction)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n  instruction {view.Instruction}: ").Append(Cut(instruction, Width - 20)).Append('\n');
        }
    }

    private static void Registers(StringBuilder text, WhyView view)
    {
        foreach (var register in view.Registers)
        {
            text.Append("    ").Append(register.Name.PadRight(5)).Append(Cut(register.Value, Width - 9)).Append('\n');
            text.Append(register.Meaning is { } meaning ? $"         = {meaning}\n" : "");
        }
    }

    private static void Log(StringBuilder text, WhyView view)
    {
        text.Append("\n  This refusal is not known here.").Append(view.Log.Count == 0 ? "\n" : " The end of the log:\n");
        foreach (var line in view.Log.TakeLast(ShownLog))
        {
            text.Append("  | ").Append(Cut(line, Width - 4)).Append('\n');
        }
    }

    private static string Cut(string line, int most) => Plain.Line(line.Length <= most ? line : line[..(most - 1)] + "…");

    private static void Wrap(StringBuilder text, string indent, string words, bool isBegun = false)
    {
        var column = isBegun ? indent.Length : 0;
        foreach (var word in Plain.Line(words).Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (column == 0 || column + word.Length + 1 > Width)
            {
                text.Append(column == 0 ? "" : "\n").Append(indent);
                column = indent.Length;
            }
            else if (column > indent.Length)
            {
                text.Append(' ');
                column++;
            }

            text.Append(word);
            column += word.Length;
        }

        text.Append('\n');
    }
}
