using System.Buffers;
using System.Globalization;
using System.Text;

namespace Weft.Xds;

/// <summary>
/// Names of the form <c>xdstp://{authority}/{resource type}/{id/*}?{context parameters}{#directives}</c> (cncf/xds TP1,
/// RFC 3986). "Two xdstp:// URNs are considered equivalent if they match component-wise modulo context parameter
/// ordering."
/// </summary>
public static class XdsTpName
{
    private const string Scheme = "xdstp://";

    // A name has a handful; what has more than this is compared as text, so that no name costs much to put in order.
    private const int MostParameters = 64;

    // What Envoy encodes in each part, whose delta subscriptions compare names as text (its xds_resource.cc). gRPC takes
    // names apart before it compares them.
    private static readonly SearchValues<byte> InAuthority = SearchValues.Create("%/?#"u8);
    private static readonly SearchValues<byte> InId = SearchValues.Create("%:?#[]"u8);
    private static readonly SearchValues<byte> InParameter = SearchValues.Create("%#[]&="u8);

    /// <summary>
    /// The one spelling of all equivalent names: context parameters in order, percent-encoding where it is needed and only
    /// there, and no directives, which "do not appear in a xDS transport discovery request". Any other name is its own
    /// canonical name, and so is one that begins like these and is none: it is compared as text. So are names with a
    /// parameter twice, or with more than 64.
    /// </summary>
    public static string Canonical(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return IsOne(name) && TryNormalize(name) is { } canonical && canonical != name ? canonical : name;
    }

    /// <summary>The canonical names; the same object where they are so already, as nearly all are.</summary>
    internal static IReadOnlyCollection<string> Canonical(IReadOnlyCollection<string> names)
    {
        foreach (var name in names)
        {
            if (IsOne(name))
            {
                return [.. names.Select(Canonical)];
            }
        }

        return names;
    }

    private static bool IsOne(string name) => name.StartsWith(Scheme, StringComparison.Ordinal);

    private static string? TryNormalize(string name)
    {
        var rest = Cut(name.AsSpan(Scheme.Length), '#', out _);
        var path = Cut(rest, '?', out var query);
        var authority = Cut(path, '/', out var typeAndId);
        var type = Cut(typeAndId, '/', out var id);
        if (type.IsEmpty || id.IsEmpty || type.ContainsAny('%', ' '))
        {
            return null;
        }

        var text = new StringBuilder(Scheme, name.Length);
        return TryAdd(text, authority, InAuthority) && TryAdd(text.Append('/').Append(type).Append('/'), id, InId)
            && (query.IsEmpty || TryAddParameters(text, query))
            ? text.ToString()
            : null;
    }

    private static bool TryAddParameters(StringBuilder text, ReadOnlySpan<char> query)
    {
        var count = query.Count('&') + 1;
        if (count > MostParameters)
        {
            return false;
        }

        var parameters = new (string Key, string Value)[count];
        var scratch = new StringBuilder();
        for (var i = 0; i < count; i++)
        {
            var key = Cut(Cut(query, '&', out query), '=', out var value);
            if (key.IsEmpty || Encoded(scratch, key) is not { } name || Encoded(scratch, value) is not { } worth)
            {
                return false;
            }

            parameters[i] = (name, worth);
        }

        Array.Sort(parameters, static (one, other) => string.CompareOrdinal(one.Key, other.Key));
        for (var i = 0; i < count; i++)
        {
            if (i > 0 && parameters[i].Key == parameters[i - 1].Key)
            {
                // They are a map (context_params.proto): which of two values counts, nobody says.
                return false;
            }

            text.Append(i == 0 ? '?' : '&').Append(parameters[i].Key).Append('=').Append(parameters[i].Value);
        }

        return true;
    }

    private static string? Encoded(StringBuilder scratch, ReadOnlySpan<char> part) =>
        TryAdd(scratch.Clear(), part, InParameter) ? scratch.ToString() : null;

    // Decoded, and encoded as all others are; false where a percent sign stands for nothing.
    private static bool TryAdd(StringBuilder text, ReadOnlySpan<char> part, SearchValues<byte> reserved)
    {
        var room = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(part.Length));
        try
        {
            return TryAdd(text, room.AsSpan(0, Encoding.UTF8.GetBytes(part, room)), reserved);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(room);
        }
    }

    private static bool TryAdd(StringBuilder text, ReadOnlySpan<byte> part, SearchValues<byte> reserved)
    {
        for (var i = 0; i < part.Length; i++)
        {
            var b = part[i];
            if (b == '%')
            {
                if (i + 2 >= part.Length || !byte.TryParse(part.Slice(i + 1, 2), NumberStyles.AllowHexSpecifier, null, out b))
                {
                    return false;
                }

                i += 2;
            }

            if (b is <= (byte)' ' or >= (byte)'~' || reserved.Contains(b))
            {
                text.Append(CultureInfo.InvariantCulture, $"%{b:X2}");
            }
            else
            {
                text.Append((char)b);
            }
        }

        return true;
    }

    private static ReadOnlySpan<char> Cut(ReadOnlySpan<char> text, char at, out ReadOnlySpan<char> rest)
    {
        var i = text.IndexOf(at);
        rest = i < 0 ? default : text[(i + 1)..];
        return i < 0 ? text : text[..i];
    }
}
