using System.Net;
using System.Text.RegularExpressions;

namespace Weft.Manifests.Decoding;

/// <summary>The forms of words in manifests, each with its source.</summary>
internal static partial class Syntax
{
    private const int MaxLabel = 63;
    private const int MaxSubdomain = 253;
    private const int MaxPath = 1024;
    private const int MaxHeaderName = 256;
    private const int MaxHeaderValue = 4096;

    /// <summary>A label of RFC 1123.</summary>
    public static bool IsLabel(string text) => text.Length <= MaxLabel && Label().IsMatch(text);

    /// <summary>A subdomain of RFC 1123: labels with dots between them.</summary>
    public static bool IsSubdomain(string text) => text.Length <= MaxSubdomain && Subdomain().IsMatch(text);

    /// <summary>A port name (RFC 6335): at most 15 small letters, digits, single dashes; at least one letter.</summary>
    public static bool IsPortName(string text) =>
        text.Length <= 15 && PortName().IsMatch(text) && text.Any(char.IsAsciiLetter);

    /// <summary>The name of a Kubernetes label: a qualified name, with a prefix or without.</summary>
    public static bool IsLabelKey(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        var name = text[(slash + 1)..];
        return name.Length <= MaxLabel && Qualified().IsMatch(name) && (slash < 0 || IsSubdomain(text[..slash]));
    }

    /// <summary>The value of a Kubernetes label; it may be empty.</summary>
    public static bool IsLabelValue(string text) =>
        text.Length == 0 || (text.Length <= MaxLabel && Qualified().IsMatch(text));

    /// <summary>An IP address in its usual form; <c>127.1</c> and zones are none.</summary>
    public static bool IsAddress(string text) =>
        IPAddress.TryParse(text, out var address)
        && !text.Contains('%', StringComparison.Ordinal) && !text.Contains('[', StringComparison.Ordinal)
        && (address.AddressFamily != System.Net.Sockets.AddressFamily.InterNetwork || address.ToString() == text);

    /// <summary>A header name: a token (RFC 9110, 5.6.2), at most 256 long as the Gateway API has it.</summary>
    public static bool IsHeaderName(string text) => text.Length <= MaxHeaderName && Token().IsMatch(text);

    /// <summary>A header value (RFC 9110, 5.5) of 1 to 4096 characters: no control characters but tabs.</summary>
    public static bool IsHeaderValue(string text) =>
        text.Length is > 0 and <= MaxHeaderValue && text.Trim() == text
        && !text.Any(c => char.IsControl(c) && c != '\t');

    /// <summary>A path as HTTPPathMatch accepts it: absolute, in normal form, at most 1024 characters.</summary>
    public static bool IsPath(string text) =>
        text.Length <= MaxPath && AbsolutePath().IsMatch(text) && !Unclean().IsMatch(text);

    /// <summary>A host of the Gateway API: a subdomain, whose first label may be <c>*</c>.</summary>
    public static bool IsHost(string text) => IsSubdomain(text.StartsWith("*.", StringComparison.Ordinal) ? text[2..] : text);

    /// <summary>An origin as HTTPCORSFilter.allowOrigins has it: <c>*</c>, or scheme, host and port, with <c>*</c> as host's start.</summary>
    public static bool IsOrigin(string text) => text == "*" || Origin().IsMatch(text);

    [GeneratedRegex("^[a-z][-+.a-z0-9]*://(\\*|(\\*\\.)?[A-Za-z0-9]([-A-Za-z0-9.]*[A-Za-z0-9])?)(:[0-9]{1,5})?\\z", Quick)]
    private static partial Regex Origin();

    [GeneratedRegex("^[a-z0-9]([-a-z0-9]*[a-z0-9])?\\z", Quick)]
    private static partial Regex Label();

    [GeneratedRegex("^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\\z", Quick)]
    private static partial Regex Subdomain();

    [GeneratedRegex("^[a-z0-9]+(-[a-z0-9]+)*\\z", Quick)]
    private static partial Regex PortName();

    [GeneratedRegex("^[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?\\z", Quick)]
    private static partial Regex Qualified();

    [GeneratedRegex("^[-!#$%&'*+.^_`|~0-9A-Za-z]+\\z", Quick)]
    private static partial Regex Token();

    [GeneratedRegex("^/([-A-Za-z0-9/._~!$&'()*+,;=:@]|%[0-9a-fA-F]{2})*\\z", Quick)]
    private static partial Regex AbsolutePath();

    [GeneratedRegex("//|/\\./|/\\.\\./|%2[fF]|/\\.\\.?\\z", Quick)]
    private static partial Regex Unclean();

    private const RegexOptions Quick = RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking;
}
