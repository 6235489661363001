using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;
using Validate;
using Type = Validate.FieldRules.TypeOneofCase;

namespace Weft.Translation.Validation;

/// <summary>Makes checks of the rules that a field carries.</summary>
internal static class RuleSet
{
    public static bool IsRequired(FieldRules? rules) =>
        rules is { Message.Required: true } or { Any.Required: true } or { Duration.Required: true }
            or { Timestamp.Required: true };

    /// <summary>Whether a value that is zero, "" or has no members is left alone.</summary>
    public static bool IgnoresEmpty(FieldRules? rules) =>
        Chosen(rules) is { } chosen
        && chosen.Descriptor.FindFieldByName("ignore_empty") is { } field
        && (bool)field.Accessor.GetValue(chosen);

    public static bool IsEmpty(object value) => value switch
    {
        string text => text.Length == 0,
        ByteString bytes => bytes.IsEmpty,
        IMessage => false,
        _ => Convert.ToDouble(value, System.Globalization.CultureInfo.InvariantCulture) == 0,
    };

    public static IEnumerable<ValueCheck> ChecksOf(FieldDescriptor field, FieldRules rules) => rules.TypeCase switch
    {
        Type.None or Type.Repeated or Type.Map => [],
        Type.String => [.. Equality.Checks(rules.String, value => value), .. TextChecks.Of(rules.String)],
        Type.Bytes => [.. Equality.Checks(rules.Bytes, value => value), .. BytesChecks.Of(rules.Bytes)],
        Type.Bool => Equality.Checks(rules.Bool, value => value),
        Type.Enum => [.. Equality.Checks(rules.Enum, value => (int)value), .. EnumChecks(field, rules.Enum)],
        Type.Any => AnyChecks(rules.Any),
        Type.Duration => TimeChecks(rules.Duration, value => Nanos((Duration)value)),
        Type.Timestamp => TimeChecks(rules.Timestamp, value => Nanos((Timestamp)value)),
        _ => [.. Equality.Checks(Chosen(rules)!, value => value),
            .. Bounds.Checks(Chosen(rules)!, value => (IComparable)value)],
    };

    private static IMessage? Chosen(FieldRules? rules) =>
        rules is null || rules.TypeCase == Type.None
            ? null
            : (IMessage)FieldRules.Descriptor.FindFieldByNumber((int)rules.TypeCase).Accessor.GetValue(rules);

    private static IEnumerable<ValueCheck> EnumChecks(FieldDescriptor field, EnumRules rules)
    {
        var type = field.EnumType;
        if (rules.DefinedOnly)
        {
            yield return value => type.FindValueByNumber((int)value) is null
                ? $"must be one of the values of {type.FullName}"
                : null;
        }
    }

    private static IEnumerable<ValueCheck> AnyChecks(AnyRules rules)
    {
        if (rules.In.Count > 0)
        {
            yield return value => rules.In.Contains(((Any)value).TypeUrl)
                ? null
                : $"must hold one of {string.Join(", ", rules.In)}";
        }

        if (rules.NotIn.Count > 0)
        {
            yield return value => rules.NotIn.Contains(((Any)value).TypeUrl)
                ? $"must hold none of {string.Join(", ", rules.NotIn)}"
                : null;
        }
    }

    // The rules lt_now, gt_now and within would need a clock; no message of the API has them.
    private static IEnumerable<ValueCheck> TimeChecks(IMessage rules, Func<object, Int128> nanos) =>
        [.. Equality.Checks(rules, value => value), .. Bounds.Checks(rules, value => nanos(value))];

    private static Int128 Nanos(Duration duration) => ((Int128)duration.Seconds * 1_000_000_000) + duration.Nanos;

    private static Int128 Nanos(Timestamp time) => ((Int128)time.Seconds * 1_000_000_000) + time.Nanos;
}
