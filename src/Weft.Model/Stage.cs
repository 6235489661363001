namespace Weft.Model;

/// <summary>
/// One step of the composition with what it was made of; it is taken again only when that has changed. Inputs are
/// compared as they stand, arrays and indices by reference: whoever makes the same thing again keeps the former object,
/// and with it all that depends on it.
/// </summary>
/// <param name="Findings">What the step had to say.</param>
internal sealed record Stage<TInput, TOutput>(TInput Input, TOutput Output, Findings Findings);

/// <summary>Takes steps.</summary>
internal static class Stage
{
    public static Stage<TInput, TOutput> Next<TInput, TOutput>(
        Stage<TInput, TOutput>? before, TInput input, Func<Stage<TInput, TOutput>?, Findings, TOutput> make)
    {
        if (before is not null && EqualityComparer<TInput>.Default.Equals(before.Input, input))
        {
            return before;
        }

        var findings = new Findings();
        return new(input, make(before, findings), findings);
    }
}
