using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Google.Protobuf.WellKnownTypes;

namespace Weft.Translation.Raw;

/// <summary>Reads durations (<c>1.5s</c>), timestamps (RFC 3339) and field masks (<c>aField,other.field</c>).</summary>
internal static partial class TimeText
{
    private const long MostSeconds = 315_576_000_000;

    public static Duration ReadDuration(RawNode node, RawFindings found)
    {
        var duration = new Duration();
        if (node is not RawScalar scalar)
        {
            found.WrongKind("A duration", "text such as 1.5s", node);
            return duration;
        }

        var match = DurationForm().Match(scalar.Text);
        if (!match.Success)
        {
            found.Error(
                RawCodes.BadDuration,
                node.Mark,
                $"{Shown.Quoted(scalar.Text)} is no duration.",
                "write seconds with an 's': 5s, 0.25s, 60s");
            return duration;
        }

        var seconds = long.Parse(match.Groups["seconds"].ValueSpan, CultureInfo.InvariantCulture);
        var nanos = Nanos(match.Groups["fraction"].Value);
        if (seconds > MostSeconds || (seconds == MostSeconds && nanos > 0))
        {
            found.Error(RawCodes.OutOfRange, node.Mark,
                $"A duration has at most {MostSeconds} seconds (10,000 years).");
            return duration;
        }

        var sign = match.Groups["sign"].Length > 0 ? -1 : 1;
        duration.Seconds = sign * seconds;
        duration.Nanos = sign * nanos;
        return duration;
    }

    public static Timestamp ReadTimestamp(RawNode node, RawFindings found)
    {
        if (node is not RawScalar scalar)
        {
            found.WrongKind("A timestamp", "text such as 2030-01-31T12:00:00Z", node);
            return new();
        }

        var match = TimestampForm().Match(scalar.Text);
        var offset = match.Groups["offset"].ValueSpan is "" or "Z" ? "+00:00" : match.Groups["offset"].Value;
        if (match.Success && DateTimeOffset.TryParseExact(
            match.Groups["second"].Value + offset,
            "yyyy-MM-dd'T'HH:mm:sszzz",
            CultureInfo.InvariantCulture,
            DateTimeStyles.None,
            out var time))
        {
            return new() { Seconds = time.ToUnixTimeSeconds(), Nanos = Nanos(match.Groups["fraction"].Value) };
        }

        found.Error(
            RawCodes.BadTimestamp,
            node.Mark,
            $"{Shown.Quoted(scalar.Text)} is no timestamp.",
            "write it as RFC 3339 says: 2030-01-31T12:00:00Z");
        return new();
    }

    /// <summary>Paths in lowerCamelCase with commas between; the message holds them in snake_case.</summary>
    public static FieldMask ReadFieldMask(RawNode node, RawFindings found)
    {
        var mask = new FieldMask();
        if (node is not RawScalar { IsNull: false } scalar)
        {
            found.WrongKind("A field mask", "text such as aField,other.field", node);
        }
        else if (!FieldMaskForm().IsMatch(scalar.Text))
        {
            found.Error(
                RawCodes.BadFieldMask,
                node.Mark,
                $"{Shown.Quoted(scalar.Text)} is no field mask.",
                "write paths in lowerCamelCase with commas between");
        }
        else
        {
            mask.Paths.AddRange(scalar.Text.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(ToSnakeCase));
        }

        return mask;
    }

    private static string ToSnakeCase(string path)
    {
        var snake = new StringBuilder(path.Length + 8);
        foreach (var letter in path)
        {
            _ = char.IsAsciiLetterUpper(letter)
                ? snake.Append('_').Append(char.ToLowerInvariant(letter))
                : snake.Append(letter);
        }

        return snake.ToString();
    }

    private static int Nanos(string fraction) =>
        fraction.Length == 0 ? 0 : int.Parse(fraction.PadRight(9, '0'), CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^(?<sign>-)?(?<seconds>[0-9]{1,18})(\.(?<fraction>[0-9]{1,9}))?s\z")]
    private static partial Regex DurationForm();

    [GeneratedRegex(
        @"^(?<second>[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2})"
        + @"(\.(?<fraction>[0-9]{1,9}))?(?<offset>Z|[+-][0-9]{2}:[0-9]{2})\z")]
    private static partial Regex TimestampForm();

    [GeneratedRegex(@"^([a-zA-Z0-9.,]*)\z")]
    private static partial Regex FieldMaskForm();
}
