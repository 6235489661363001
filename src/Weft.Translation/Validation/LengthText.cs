using System.Globalization;

namespace Weft.Translation.Validation;

/// <summary>How a demanded length or number of members is told.</summary>
internal static class LengthText
{
    public static string Of(ulong? least, ulong? most, string unit) => (least, most) switch
    {
        (1, null) => "must not be empty",
        ({ } a, { } b) when a == b => string.Create(CultureInfo.InvariantCulture, $"must have {a} {unit}"),
        ({ } a, null) => string.Create(CultureInfo.InvariantCulture, $"must have at least {a} {unit}"),
        (null or 0, { } b) => string.Create(CultureInfo.InvariantCulture, $"must have at most {b} {unit}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"must have {least} to {most} {unit}"),
    };
}
