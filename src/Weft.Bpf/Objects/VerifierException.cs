using System.Collections.Immutable;

namespace Weft.Bpf;

/// <summary>The kernel has refused a program. <see cref="Log"/> says why, line by line; the message has its end.</summary>
public sealed class VerifierException : KernelException
{
    private const int ShownLines = 3;

    /// <param name="errno">The kernel's error, above zero.</param>
    /// <param name="program">The program's name.</param>
    /// <param name="log">What the verifier wrote; empty where it wrote nothing.</param>
    /// <param name="hint">What is known beside.</param>
    public VerifierException(int errno, string program, ImmutableArray<string> log, string? hint = null)
        : base(errno, $"prog_load {program}", hint ?? Told(log))
    {
        Program = program;
        Log = log;
    }

    /// <summary>The program's name.</summary>
    public string Program { get; }

    /// <summary>What the verifier wrote, line by line.</summary>
    public ImmutableArray<string> Log { get; }

    /// <summary>The lines that tell, which are the last but the statistics; null where there are none.</summary>
    internal static string? Told(ImmutableArray<string> log)
    {
        var lines = log.Where(l => l.Length > 0 && !IsStatistics(l)).TakeLast(ShownLines).Reverse().ToList();
        return lines.Count == 0 ? null : string.Join(" | ", lines);
    }

    private static bool IsStatistics(string line) =>
        line.StartsWith("processed ", StringComparison.Ordinal) || line.StartsWith("verification time", StringComparison.Ordinal)
        || line.StartsWith("stack depth", StringComparison.Ordinal);
}
