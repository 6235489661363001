using System.Collections.Immutable;
using System.Globalization;

namespace Weft.Bpf.Explaining;

/// <summary>What the verifier wrote, understood as far as it can be: kernels differ in how they write.</summary>
public sealed class VerifierLog
{
    private static readonly string[] Statistics =
    [
        "processed ", "verification time", "stack depth", "max_states_per_insn", "func#", "cur state:", "old state:",
    ];

    // A program of a million instructions has as many lines; where it ended is what tells.
    private const int MostSteps = 1024;
    private const int MostMessages = 64;

    private VerifierLog(ImmutableArray<VerifierStep> steps, ImmutableArray<string> messages, ImmutableArray<RegisterState> registers)
    {
        Steps = steps;
        Messages = messages;
        Registers = registers;
    }

    /// <summary>The last instructions that it looked at, at most 1,024, in the order of the path that it took.</summary>
    public ImmutableArray<VerifierStep> Steps { get; }

    /// <summary>At most 64 lines that are neither an instruction, a state, a line of source nor a number of statistics: the last tell why it refused.</summary>
    public ImmutableArray<string> Messages { get; }

    /// <summary>What it knew of registers and of the stack before the last instruction.</summary>
    public ImmutableArray<RegisterState> Registers { get; }

    /// <summary>How many instructions it went through, on all paths; 0 where it does not tell.</summary>
    public int Processed { get; private init; }

    /// <summary>Bytes of stack, of all functions at once; 0 where it does not tell. Only with <see cref="LoadSettings.LogLevel"/> 4.</summary>
    public int StackDepth { get; private init; }

    /// <summary>Where it stopped; null where it wrote of no instruction.</summary>
    public VerifierStep? Last => Steps.IsEmpty ? null : Steps[^1];

    /// <summary>Reads a log. Whatever is in it, it is read; lines that are not understood are messages.</summary>
    public static VerifierLog Parse(ImmutableArray<string> lines)
    {
        var steps = new Queue<VerifierStep>();
        var messages = new Queue<string>();
        var state = new RegisterStates();
        var (processed, depth) = (0, 0);
        foreach (var line in lines)
        {
            if (line.Length == 0 || line[0] == ';')
            {
                continue;
            }

            if (VerifierStep.TryParse(line, out var step, out var after))
            {
                state.Begin();
                Keep(steps, step, MostSteps);
                state.Change(after);
            }
            else if (!state.TryReplace(line))
            {
                processed = Number(line, "processed ") ?? processed;
                depth = Sum(line) ?? depth;
                if (!Statistics.Any(s => line.StartsWith(s, StringComparison.Ordinal)))
                {
                    Keep(messages, line, MostMessages);
                }
            }
        }

        return new([.. steps], [.. messages], state.Before) { Processed = processed, StackDepth = depth };
    }

    private static void Keep<T>(Queue<T> items, T item, int most)
    {
        items.Enqueue(item);
        if (items.Count > most)
        {
            items.Dequeue();
        }
    }

    private static int? Number(string line, string before)
    {
        if (!line.StartsWith(before, StringComparison.Ordinal))
        {
            return null;
        }

        var rest = line.AsSpan(before.Length);
        var end = rest.IndexOfAnyExceptInRange('0', '9');
        return int.TryParse(end < 0 ? rest : rest[..end], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
    }

    // The functions of a program are parted: "stack depth 16+304".
    private static int? Sum(string line)
    {
        const string Depth = "stack depth ";
        if (!line.StartsWith(Depth, StringComparison.Ordinal))
        {
            return null;
        }

        long sum = 0;
        foreach (var part in line[Depth.Length..].Split(['+', ' '], StringSplitOptions.RemoveEmptyEntries))
        {
            sum += int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
        }

        return (int)Math.Min(sum, int.MaxValue);
    }
}
