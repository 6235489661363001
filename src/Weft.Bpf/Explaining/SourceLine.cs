using System.Collections.Immutable;
using Weft.Bpf.Linking;

namespace Weft.Bpf.Explaining;

/// <summary>A line of source of which instructions were made.</summary>
/// <param name="Instruction">The first of them, counted as the verifier does: from the program's start, with all it calls behind it.</param>
/// <param name="File">The file, as the compiler was given it.</param>
/// <param name="Line">The line, from 1.</param>
/// <param name="Column">The column, from 1; 0 where the compiler did not say.</param>
/// <param name="Text">The text; empty where the compiler did not have it.</param>
public sealed record SourceLine(int Instruction, string File, int Line, int Column, string Text)
{
    private const int ColumnBits = 10;

    /// <summary>The lines of a program, in the order of instructions; none where it was compiled without <c>-g</c>.</summary>
    /// <exception cref="BpfFormatException">The object is damaged.</exception>
    public static ImmutableArray<SourceLine> Of(ObjectSpec spec, ProgramSpec program)
    {
        if (spec.Types is not { } types)
        {
            return [];
        }

        var linked = ProgramLinker.Link(spec, program, function => function.Code.ToArray());
        Dictionary<uint, string> texts = [];
        return [.. linked.Lines.OrderBy(l => l.Instruction).Select(l => new SourceLine(
            l.Instruction, Text(l.FileAt), (int)(l.Column >> ColumnBits), (int)(l.Column & ((1 << ColumnBits) - 1)), Text(l.LineAt)))];

        // Few texts have many lines: a hostile object would make a copy for each.
        string Text(uint at) => texts.TryGetValue(at, out var text) ? text : texts[at] = types.TextAt(at).TrimEnd();
    }
}
