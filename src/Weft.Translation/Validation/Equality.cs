using System.Collections;
using Google.Protobuf;

namespace Weft.Translation.Validation;

/// <summary>The rules <c>const</c>, <c>in</c> and <c>not_in</c>, which the rules of nearly every type have.</summary>
internal static class Equality
{
    /// <param name="rules">A message such as UInt32Rules.</param>
    /// <param name="comparable">Makes a value comparable with those in the rules.</param>
    public static IEnumerable<ValueCheck> Checks(IMessage rules, Func<object, object> comparable)
    {
        var constant = rules.Descriptor.FindFieldByName("const");
        if (constant is not null && constant.Accessor.HasValue(rules))
        {
            var only = constant.Accessor.GetValue(rules);
            yield return value => only.Equals(comparable(value)) ? null : $"must be {Bounds.Shown(only)}";
        }

        if (Listed(rules, "in") is { Count: > 0 } allowed)
        {
            yield return value => allowed.Contains(comparable(value)) ? null : $"must be one of {All(allowed)}";
        }

        if (Listed(rules, "not_in") is { Count: > 0 } forbidden)
        {
            yield return value => forbidden.Contains(comparable(value)) ? $"must be none of {All(forbidden)}" : null;
        }
    }

    private static IList? Listed(IMessage rules, string name) =>
        rules.Descriptor.FindFieldByName(name)?.Accessor.GetValue(rules) as IList;

    private static string All(IList values) => string.Join(", ", values.Cast<object>().Select(Bounds.Shown));
}
