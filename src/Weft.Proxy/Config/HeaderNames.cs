using System.Buffers;

namespace Weft.Proxy.Config;

internal static class HeaderNames
{
    /// <summary>The characters of a token, RFC 9110 section 5.6.2.</summary>
    public static SearchValues<char> Token { get; } = SearchValues.Create(
        "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");
}
