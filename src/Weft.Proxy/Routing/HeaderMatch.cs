using System.Globalization;

namespace Weft.Proxy.Routing;

/// <summary>Whole numbers from <paramref name="Start"/> (included) to <paramref name="End"/> (excluded).</summary>
internal sealed record NumberRange(long Start, long End)
{
    public bool Fits(ReadOnlySpan<char> value) =>
        long.TryParse(value, NumberStyles.AllowLeadingSign | NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var number)
        && number >= Start && number < End;
}

/// <summary>A condition on a header. Where it has neither text nor range, the header must be there.</summary>
/// <param name="Invert">Whether the opposite must hold.</param>
/// <param name="AbsentAsEmpty">Whether an absent header is compared as an empty one.</param>
internal sealed record HeaderMatch(string Name, TextMatch? Text, NumberRange? Range, bool Invert, bool AbsentAsEmpty)
{
    public bool Fits(in RequestFacts request)
    {
        var value = request.Header(Name) ?? (AbsentAsEmpty ? "" : null);
        // Envoy: an absent header fits no condition; inverted, it fits every one but "present".
        var fits = value is not null && (Text?.Fits(value) ?? Range?.Fits(value) ?? true);
        return fits != Invert;
    }
}
