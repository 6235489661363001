using System.Collections.Immutable;
using System.Text;

namespace Weft.Bpf;

/// <summary>
/// Which of an object's programs are wanted, where a kernel may not take all of them. What a kernel offers cannot be told by
/// its version or configuration: programs are tried, in order, and also attached where <see cref="LoadSettings.Attaches"/>
/// says so.
/// </summary>
public abstract record ProgramChoice
{
    private ProgramChoice()
    {
    }

    /// <summary>A program, by its name.</summary>
    public static implicit operator ProgramChoice(string program) => Program(program);

    /// <summary>A program, by its name.</summary>
    public static ProgramChoice Program(string program) => new OfProgram(program);

    /// <summary>The first that the kernel takes; what comes after it is not tried.</summary>
    public static ProgramChoice OneOf(params ImmutableArray<ProgramChoice> parts) => new First(parts);

    /// <summary>All of them, or none.</summary>
    public static ProgramChoice AllOf(params ImmutableArray<ProgramChoice> parts) => new All(parts);

    /// <summary>As many as the kernel takes, be it none.</summary>
    public static ProgramChoice BestEffort(params ImmutableArray<ProgramChoice> parts) => new Any(parts);

    /// <summary>The names of all programs in it.</summary>
    internal abstract IEnumerable<string> Names { get; }

    internal sealed record OfProgram(string Name) : ProgramChoice
    {
        internal override IEnumerable<string> Names => [Name];
    }

    internal sealed record First(ImmutableArray<ProgramChoice> Parts) : ProgramChoice
    {
        internal override IEnumerable<string> Names => Parts.SelectMany(p => p.Names);
    }

    internal sealed record All(ImmutableArray<ProgramChoice> Parts) : ProgramChoice
    {
        internal override IEnumerable<string> Names => Parts.SelectMany(p => p.Names);
    }

    internal sealed record Any(ImmutableArray<ProgramChoice> Parts) : ProgramChoice
    {
        internal override IEnumerable<string> Names => Parts.SelectMany(p => p.Names);
    }
}

/// <summary>What became of a choice, and why.</summary>
/// <param name="What">A program's name, or <c>one of</c>, <c>all of</c>, <c>best effort</c>.</param>
/// <param name="IsTaken">Whether it is there.</param>
/// <param name="Error">Why a program was refused; null where it was not, or was not tried.</param>
/// <param name="Parts">What became of its parts, those that were tried.</param>
public sealed record ChoiceReport(string What, bool IsTaken, BpfException? Error, ImmutableArray<ChoiceReport> Parts)
{
    /// <summary>All of it, a line for each part.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        Write(text, 0);
        return text.ToString();
    }

    private void Write(StringBuilder text, int depth)
    {
        text.Append(' ', depth * 2).Append(What).Append(IsTaken ? ": taken" : ": refused");
        text.AppendLine(Error is null ? "" : $" ({Error.Message})");
        foreach (var part in Parts)
        {
            part.Write(text, depth + 1);
        }
    }
}

/// <summary>The kernel takes not enough of the programs that are wanted.</summary>
public sealed class ChoiceException : BpfException
{
    /// <param name="report">What became of the choice.</param>
    public ChoiceException(ChoiceReport report)
        : base($"this kernel does not take the programs that are wanted\n{report}") => Report = report;

    /// <summary>What became of the choice.</summary>
    public ChoiceReport Report { get; }
}
