using System.Globalization;
using System.Text.RegularExpressions;

namespace Weft.Commands;

/// <summary>Durations on the command line, written as the manifests have them: <c>500ms</c>, <c>20s</c>, <c>1h30m</c>.</summary>
internal static partial class DurationText
{
    /// <summary>The duration, or null where <paramref name="text"/> is none.</summary>
    public static TimeSpan? Parse(string text) => Form().Match(text) is { Success: true, Length: > 0 } match
        ? new TimeSpan(0, Part(match, 1), Part(match, 2), Part(match, 3), Part(match, 4))
        : null;

    public static string Of(TimeSpan span) => span switch
    {
        { TotalHours: >= 1 } when span.Ticks % TimeSpan.TicksPerHour == 0 => $"{span.TotalHours:0}h",
        { TotalMinutes: >= 1 } when span.Ticks % TimeSpan.TicksPerMinute == 0 => $"{span.TotalMinutes:0}m",
        _ => $"{span.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture)}s",
    };

    private static int Part(Match match, int group) =>
        match.Groups[group] is { Success: true } part ? int.Parse(part.ValueSpan, CultureInfo.InvariantCulture) : 0;

    [GeneratedRegex("^(?:([0-9]{1,5})h)?(?:([0-9]{1,5})m)?(?:([0-9]{1,5})s)?(?:([0-9]{1,5})ms)?$")]
    private static partial Regex Form();
}
