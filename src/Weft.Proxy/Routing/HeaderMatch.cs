using System.Globalization;

namespace Weft.Proxy.Routing;

/// <summary>Whole numbers from <paramref name="Start"/> (included) to <paramref name="End"/> (excluded).</summary>
internal sealed record NumberRange(long Start, long End)
{
    private const NumberStyles Style =
        NumberStyles.AllowLeadingSign | NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite;

    public bool Fits(ReadOnlySpan<char> value) =>
        long.TryParse(value, Style, CultureInfo.InvariantCulture, out var number) && number >= Start && number < End;
}

/// <summary>A condition on a header. Where it has neither text nor range, the header must be there.</summary>
/// <param name="Invert">Whether the opposite must hold.</param>
/// <param name="AbsentAsEmpty">Whether an absent header is compared as an empty one.</param>
internal sealed record HeaderMatch(string Name, TextMatch? Text, NumberRange? Range, bool Invert, bool AbsentAsEmpty)
{
    private bool AsksForPresence => Text is null && Range is null;

    /// <summary>
    /// As in Envoy an absent header fits no comparison, not even an inverted one; and each value of a repeated header
    /// is compared by itself: one suffices, inverted none may fit.
    /// </summary>
    public bool Fits(in RequestFacts request)
    {
        var values = request.Values(Name);
        if (values.Count == 0)
        {
            return AbsentAsEmpty ? FitsValue("") != Invert : AsksForPresence && Invert;
        }

        foreach (var value in values)
        {
            if (FitsValue(value))
            {
                return !Invert;
            }
        }

        return Invert;
    }

    private bool FitsValue(ReadOnlySpan<char> value) => Text?.Fits(value) ?? Range?.Fits(value) ?? true;
}
