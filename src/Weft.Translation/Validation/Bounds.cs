using System.Globalization;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace Weft.Translation.Validation;

/// <summary>The rules <c>lt</c>, <c>lte</c>, <c>gt</c> and <c>gte</c> of numbers, durations and timestamps.</summary>
internal static class Bounds
{
    /// <param name="rules">A message such as UInt32Rules.</param>
    /// <param name="order">Makes a value, and a limit, comparable.</param>
    public static IEnumerable<ValueCheck> Checks(IMessage rules, Func<object, IComparable> order)
    {
        var below = Limit(rules, "lt", "must be less than") ?? Limit(rules, "lte", "must be at most");
        var above = Limit(rules, "gt", "must be greater than") ?? Limit(rules, "gte", "must be at least");
        if (below is null && above is null)
        {
            yield break;
        }

        var most = below is null ? null : order(below.Value.Value);
        var least = above is null ? null : order(above.Value.Value);

        // validate.proto: where the upper limit lies below the lower one, the value must lie outside of the two.
        var outside = most is not null && least is not null && most.CompareTo(least) < 0;
        yield return value =>
        {
            var given = order(value);
            var tooHigh = most is not null && Exceeds(given.CompareTo(most), below!.Value.Strict);
            var tooLow = least is not null && Exceeds(-given.CompareTo(least), above!.Value.Strict);
            if (IsNotANumber(value) || (outside ? !(tooHigh && tooLow) : !(tooHigh || tooLow)))
            {
                return null;
            }

            var (upper, lower) = (below?.Text, above?.Text);
            return outside ? $"{upper} or {lower}" : tooHigh ? upper : lower;
        };
    }

    /// <summary>A value as messages show it.</summary>
    public static string Shown(object value) => value switch
    {
        string text => $"'{text}'",
        bool bit => bit ? "true" : "false",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        Duration or Timestamp => value.ToString()!.Trim('"'),
        ByteString bytes => $"the bytes {bytes.ToBase64()}",
        _ => value.ToString() ?? "",
    };

    private static bool Exceeds(int order, bool strict) => strict ? order >= 0 : order > 0;

    // A comparison with NaN is never true, so Envoy's generated checks let it pass.
    private static bool IsNotANumber(object value) => value is double.NaN or float.NaN;

    private static (object Value, bool Strict, string Text)? Limit(IMessage rules, string name, string words)
    {
        var field = rules.Descriptor.FindFieldByName(name);
        if (!field.Accessor.HasValue(rules))
        {
            return null;
        }

        var limit = field.Accessor.GetValue(rules);
        return (limit, name.Length == 2, $"{words} {Shown(limit)}");
    }
}
