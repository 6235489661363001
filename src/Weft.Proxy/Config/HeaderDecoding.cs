using System.Collections.Frozen;
using System.Collections.Immutable;
using Envoy.Config.Core.V3;
using Envoy.Config.Route.V3;
using Weft.Proxy.Routing;
using AppendAction = Envoy.Config.Core.V3.HeaderValueOption.Types.HeaderAppendAction;
using StringMatcher = Envoy.Type.Matcher.V3.StringMatcher;

namespace Weft.Proxy.Config;

/// <summary>Conditions on headers, and changes of them.</summary>
internal static class HeaderDecoding
{
    private static readonly FrozenSet<string> OptionFields =
        FrozenSet.Create("header", "append_action", "keep_empty_value");

    public static HeaderEdits Edits(
        IEnumerable<HeaderValueOption> add, IEnumerable<string> remove, string where, Refusals refusals)
    {
        var removed = remove.ToImmutableArray();
        foreach (var name in removed)
        {
            RequireChangeable(name, where, refusals);
        }

        var added = ImmutableArray.CreateBuilder<HeaderEdit>();
        foreach (var option in add)
        {
            refusals.AddUnknown(option, where, OptionFields);
            RequireChangeable(option.Header?.Key ?? "", where, refusals);
            var value = Value(option.Header, where, refusals);
            if (value.Length > 0 || option.KeepEmptyValue)
            {
                added.Add(new(option.Header?.Key ?? "", value, Kind(option.AppendAction)));
            }
        }

        return new(removed, added.ToImmutable());
    }

    public static HeaderMatch Match(HeaderMatcher message, Refusals refusals)
    {
        var where = $"header {message.Name}";
        switch (message.HeaderMatchSpecifierCase)
        {
            case HeaderMatcher.HeaderMatchSpecifierOneofCase.None:
            case HeaderMatcher.HeaderMatchSpecifierOneofCase.PresentMatch:
                // "If present_match is false, the header must be absent."
                var absent = message.HeaderMatchSpecifierCase != HeaderMatcher.HeaderMatchSpecifierOneofCase.None
                    && !message.PresentMatch;
                return New(TextKind.Present, "", false, message.InvertMatch != absent);
            case HeaderMatcher.HeaderMatchSpecifierOneofCase.StringMatch:
                var (kind, text) = Text(message.StringMatch, where, refusals);
                return New(kind, text, message.StringMatch.IgnoreCase, message.InvertMatch);
            default:
                refusals.Add(
                    where, $"{message.HeaderMatchSpecifierCase} is not supported by Weft.Proxy; use string_match");
                return New(TextKind.Present, "", false, false);
        }

        HeaderMatch New(TextKind kind, string text, bool ignoreCase, bool invert) => new(
            message.Name.ToLowerInvariant(),
            kind,
            text,
            ignoreCase ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal,
            invert,
            message.TreatMissingHeaderAsEmpty);
    }

    private static (TextKind, string) Text(StringMatcher matcher, string where, Refusals refusals)
    {
        switch (matcher.MatchPatternCase)
        {
            case StringMatcher.MatchPatternOneofCase.Exact: return (TextKind.Exact, matcher.Exact);
            case StringMatcher.MatchPatternOneofCase.Prefix: return (TextKind.Prefix, matcher.Prefix);
            case StringMatcher.MatchPatternOneofCase.Suffix: return (TextKind.Suffix, matcher.Suffix);
            case StringMatcher.MatchPatternOneofCase.Contains: return (TextKind.Contains, matcher.Contains);
            default:
                refusals.Add(where, $"{matcher.MatchPatternCase} is not supported by Weft.Proxy");
                return (TextKind.Exact, "");
        }
    }

    /// <summary>Envoy: ":-prefixed or host headers may not be modified".</summary>
    private static void RequireChangeable(string name, string where, Refusals refusals)
    {
        if (name.Length == 0 || name[0] == ':' || name.Equals("host", StringComparison.OrdinalIgnoreCase))
        {
            refusals.Add(where, $"header '{name}' may not be modified");
        }
        else if (name.AsSpan().ContainsAnyExcept(HeaderNames.Token))
        {
            refusals.Add(where, $"'{name}' is not a header name");
        }
    }

    private static string Value(HeaderValue? header, string where, Refusals refusals)
    {
        var value = header is null ? "" : header.RawValue.IsEmpty ? header.Value : header.RawValue.ToStringUtf8();
        var literal = value.Replace("%%", "", StringComparison.Ordinal);
        if (literal.Contains('%', StringComparison.Ordinal))
        {
            refusals.Add(where, $"commands in header values are not supported by Weft.Proxy: '{value}'");
        }

        if (value.AsSpan().ContainsAny('\r', '\n', '\0'))
        {
            refusals.Add(where, "a header value holds a control character");
        }

        return value.Replace("%%", "%", StringComparison.Ordinal);
    }

    private static HeaderEditKind Kind(AppendAction action) => action switch
    {
        AppendAction.AddIfAbsent => HeaderEditKind.AddIfAbsent,
        AppendAction.OverwriteIfExistsOrAdd => HeaderEditKind.Overwrite,
        AppendAction.OverwriteIfExists => HeaderEditKind.OverwriteIfPresent,
        _ => HeaderEditKind.Append,
    };
}
