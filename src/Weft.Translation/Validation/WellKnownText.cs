using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Validate;
using WellKnown = Validate.StringRules.WellKnownOneofCase;

namespace Weft.Translation.Validation;

/// <summary>The rules that name a known form of text: an address, a host name, an HTTP header …</summary>
internal static partial class WellKnownText
{
    public static IEnumerable<ValueCheck> Of(StringRules rules)
    {
        if (rules.WellKnownCase == WellKnown.WellKnownRegex)
        {
            return OfHeader(rules);
        }

        (Func<string, bool> Holds, string Form)? known = rules.WellKnownCase switch
        {
            WellKnown.Email when rules.Email => (IsEmail, "an e-mail address"),
            WellKnown.Hostname when rules.Hostname => (IsHostname, "a host name"),
            WellKnown.Ip when rules.Ip => (text => IsAddress(text, null), "an IP address"),
            WellKnown.Ipv4 when rules.Ipv4 => (text => IsAddress(text, AddressFamily.InterNetwork), "an IPv4 address"),
            WellKnown.Ipv6 when rules.Ipv6 => (text => IsAddress(text, AddressFamily.InterNetworkV6),
                "an IPv6 address"),
            WellKnown.Uri when rules.Uri => (text => Uri.TryCreate(text, UriKind.Absolute, out _), "an absolute URI"),
            WellKnown.UriRef when rules.UriRef => (text => Uri.TryCreate(text, UriKind.RelativeOrAbsolute, out _),
                "a URI"),
            WellKnown.Address when rules.Address => (text => IsHostname(text) || IsAddress(text, null),
                "a host name or IP address"),
            WellKnown.Uuid when rules.Uuid => (text => Guid.TryParseExact(text, "D", out _), "a UUID"),
            _ => null,
        };
        return known is { } form ? [TextChecks.Demand(form.Holds, $"must be {form.Form}")] : [];
    }

    /// <summary>validate.proto: strict follows RFC 7230; not strict only forbids what could split a header.</summary>
    private static ValueCheck[] OfHeader(StringRules rules)
    {
        (Regex Form, string Name)? known = (rules.WellKnownRegex, rules.Strict) switch
        {
            (KnownRegex.HttpHeaderName, true) => (HeaderName(), "the name of an HTTP header"),
            (KnownRegex.HttpHeaderValue, true) => (HeaderValue(), "the value of an HTTP header"),
            (KnownRegex.HttpHeaderName or KnownRegex.HttpHeaderValue, false) =>
                (OneLine(), "without line breaks and NUL, as it stands in an HTTP header"),
            _ => null,
        };
        return known is { } form ? [TextChecks.Demand(form.Form.IsMatch, $"must be {form.Name}")] : [];
    }

    private static bool IsAddress(string text, AddressFamily? family)
    {
        // .NET also takes 1, 0x7f.1 and addresses in brackets or with a port.
        return IPAddress.TryParse(text, out var address)
            && !text.Contains('[', StringComparison.Ordinal)
            && (address.AddressFamily == AddressFamily.InterNetworkV6 || address.ToString() == text)
            && (family is null || address.AddressFamily == family);
    }

    private static bool IsHostname(string text)
    {
        var name = text.EndsWith('.') ? text[..^1] : text;
        return name.Length <= 253 && name.Split('.').All(label => Label().IsMatch(label));
    }

    private static bool IsEmail(string text)
    {
        var at = text.LastIndexOf('@');
        return text.Length <= 254 && at is > 0 and <= 64 && IsHostname(text[(at + 1)..]);
    }

    [GeneratedRegex(@"^[a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?\z")]
    private static partial Regex Label();

    [GeneratedRegex(@"^:?[0-9a-zA-Z!#$%&'*+.^_|~`-]+\z")]
    private static partial Regex HeaderName();

    [GeneratedRegex(@"^[^\u0000-\u0008\u000A-\u001F\u007F]*\z")]
    private static partial Regex HeaderValue();

    [GeneratedRegex(@"^[^\u0000\u000A\u000D]*\z")]
    private static partial Regex OneLine();
}
