using Google.Protobuf;
using Validate;

namespace Weft.Translation.Validation;

/// <summary>The rules of bytes beyond const, in and not_in.</summary>
internal static class BytesChecks
{
    public static IEnumerable<ValueCheck> Of(BytesRules rules)
    {
        ulong? least = rules.HasMinLen ? rules.MinLen : null;
        ulong? most = rules.HasMaxLen ? rules.MaxLen : null;
        if (rules.HasLen)
        {
            (least, most) = (rules.Len, rules.Len);
        }

        if (least > 0 || most is not null)
        {
            yield return Demand(
                bytes => !((ulong)bytes.Length < least || (ulong)bytes.Length > most),
                LengthText.Of(least, most, "bytes"));
        }

        if (rules.HasPrefix)
        {
            yield return Demand(bytes => bytes.Span.StartsWith(rules.Prefix.Span),
                $"must start with {Bounds.Shown(rules.Prefix)}");
        }

        if (rules.HasSuffix)
        {
            yield return Demand(bytes => bytes.Span.EndsWith(rules.Suffix.Span),
                $"must end with {Bounds.Shown(rules.Suffix)}");
        }

        if (rules.HasContains)
        {
            yield return Demand(
                bytes => bytes.Span.IndexOf(rules.Contains.Span) >= 0, $"must contain {Bounds.Shown(rules.Contains)}");
        }

        if (rules.HasPattern)
        {
            var pattern = TextChecks.Compile(rules.Pattern);
            yield return Demand(bytes => pattern.IsMatch(bytes.ToStringUtf8()), $"must match {rules.Pattern}");
        }

        if (rules.Ip || rules.Ipv4)
        {
            yield return Demand(
                bytes => bytes.Length == 4 || (rules.Ip && bytes.Length == 16),
                "must be an IP address in network order");
        }

        if (rules.Ipv6)
        {
            yield return Demand(bytes => bytes.Length == 16, "must be an IPv6 address in network order");
        }
    }

    private static ValueCheck Demand(Func<ByteString, bool> holds, string text) =>
        value => holds((ByteString)value) ? null : text;
}
