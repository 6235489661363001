using System.Collections.Immutable;
using Weft.Agent.Text;
using Weft.Bpf;
using Weft.Bpf.Explaining;

namespace Weft.Agent.Why;

/// <summary>Loads a program alone, and puts together what is known of its refusal.</summary>
internal static class WhyViews
{
    private const int AroundLines = 3;
    private const int PathLines = 6;
    private const int LogLines = 200;
    private const int Statistics = 4;

    public static WhyView Of(ObjectSpec spec, ProgramSpec program)
    {
        var settings = new LoadSettings { Only = program, PinFolder = null };
        try
        {
            using (BpfObject.Load(spec, settings))
            {
            }

            // It is asked only of what is taken: the log of a refusal is another.
            using var loaded = BpfObject.Load(spec, settings with { LogLevel = Statistics });
            return Loaded(loaded, program);
        }
        catch (BpfException e)
        {
            return Refused(spec, program, e);
        }
    }

    private static WhyView Loaded(BpfObject loaded, ProgramSpec program)
    {
        var log = VerifierLog.Parse(loaded.Programs[program.Name].Log);
        return Empty(program) with
        {
            Loaded = true,
            Instructions = loaded.Results.Single().Instructions,
            Processed = log.Processed,
            Stack = log.StackDepth,
        };
    }

    private static WhyView Empty(ProgramSpec program) => new(
        program.Name, program.Section, Names.Of(program.Type), false, 0, null, null, null, null, null, null, null, -1, null, [], [], [], 0, 0, 0, []);

    private static WhyView Refused(ObjectSpec spec, ProgramSpec program, BpfException error)
    {
        var lines = error is VerifierException refused ? refused.Log : [];
        var log = VerifierLog.Parse(lines);
        var explanation = Explanation.Of(error);
        var source = Source(spec, program);
        var at = log.Last?.Instruction ?? -1;
        return Empty(program) with
        {
            Errno = (error as KernelException)?.Errno ?? 0,
            Stage = (error as KernelException)?.Stage ?? "object",
            Error = error.Message,
            Reason = log.Messages.LastOrDefault(),
            Class = explanation?.Name,
            Why = explanation is null ? null : explanation.Why + Field(spec, program, explanation, at),
            Fix = explanation?.Fix,
            Example = explanation?.Example,
            Instruction = at,
            InstructionText = log.Last?.Text,
            Source = Around(source, at),
            Path = Path(source, log),
            Registers = Registers(log),
            Processed = log.Processed,
            Log = [.. lines.TakeLast(LogLines)],
        };
    }

    private static string Field(ObjectSpec spec, ProgramSpec program, Explanation explanation, int at) =>
        explanation.Name == "field-missing" && MissingFields.At(spec, program, at) is { } field ? $" Here it is {field}." : "";

    // An object whose lines are damaged can be refused for that, which was told before.
    private static ImmutableArray<SourceLine> Source(ObjectSpec spec, ProgramSpec program)
    {
        try
        {
            return SourceLine.Of(spec, program);
        }
        catch (BpfFormatException)
        {
            return [];
        }
    }

    private static SourceLine? LineOf(ImmutableArray<SourceLine> source, int instruction)
    {
        var at = source.BinarySearch(new(instruction, "", 0, 0, ""), Comparer<SourceLine>.Create((a, b) => a.Instruction.CompareTo(b.Instruction)));
        at = at >= 0 ? at : ~at - 1;
        return instruction >= 0 && at >= 0 ? source[at] : null;
    }

    // The object has the texts of those lines only of which it has instructions.
    private static List<WhyLine> Around(ImmutableArray<SourceLine> source, int instruction)
    {
        if (LineOf(source, instruction) is not { } here)
        {
            return [];
        }

        return
        [
            .. source.Where(l => l.File == here.File && l.Line > 0 && Math.Abs((long)l.Line - here.Line) <= AroundLines)
                .DistinctBy(l => l.Line).OrderBy(l => l.Line).Select(l => new WhyLine(l.File, l.Line, l.Text, l.Line == here.Line)),
        ];
    }

    private static List<WhyLine> Path(ImmutableArray<SourceLine> source, VerifierLog log)
    {
        List<WhyLine> path = [];
        foreach (var step in log.Steps)
        {
            if (LineOf(source, step.Instruction) is { } line && (path.Count == 0 || path[^1].Line != line.Line || path[^1].File != line.File))
            {
                path.Add(new(line.File, line.Line, line.Text, Here: false));
            }
        }

        return [.. path.TakeLast(PathLines)];
    }

    private static List<WhyRegister> Registers(VerifierLog log)
    {
        // What an instruction sets it does not need; a load names it first, w3 is half of r3.
        var text = log.Last?.Text ?? "";
        var set = text.IndexOf(" = ", StringComparison.Ordinal);
        var words = $"{(set > 0 && text[0] != '*' ? text[set..] : text)} {log.Messages.LastOrDefault()}".Replace('w', 'r');
        return
        [
            .. log.Registers.Where(r => Named(words, r.Name)).Select(r => new WhyRegister(r.Name, r.Value, r.Meaning)),
        ];
    }

    private static bool Named(string words, string register)
    {
        for (var at = 0; (at = words.IndexOf(register, at, StringComparison.OrdinalIgnoreCase)) >= 0; at++)
        {
            var end = at + register.Length;
            if ((at == 0 || !char.IsLetterOrDigit(words[at - 1])) && (end == words.Length || !char.IsLetterOrDigit(words[end])))
            {
                return true;
            }
        }

        return false;
    }
}
