using System.Collections.Frozen;
using System.Collections.Immutable;
using Envoy.Config.Core.V3;
using Weft.Proxy.Routing;
using AppendAction = Envoy.Config.Core.V3.HeaderValueOption.Types.HeaderAppendAction;

namespace Weft.Proxy.Config;

/// <summary>Changes of headers.</summary>
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
            added.Add(new(option.Header?.Key ?? "", value, Kind(option.AppendAction), option.KeepEmptyValue));
        }

        return new(removed, added.ToImmutable());
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

    private static ValueFormat Value(HeaderValue? header, string where, Refusals refusals)
    {
        var value = header is null ? "" : header.RawValue.IsEmpty ? header.Value : header.RawValue.ToStringUtf8();
        var (format, unknown) = ValueFormat.Parse(value);
        if (unknown is not null)
        {
            refusals.Add(where, $"command '{unknown}' in a header value is not supported by Weft.Proxy");
        }

        if (value.AsSpan().ContainsAny('\r', '\n', '\0'))
        {
            refusals.Add(where, "a header value holds a control character");
        }

        return format ?? new([new ValuePart.Literal("")]);
    }

    private static HeaderEditKind Kind(AppendAction action) => action switch
    {
        AppendAction.AddIfAbsent => HeaderEditKind.AddIfAbsent,
        AppendAction.OverwriteIfExistsOrAdd => HeaderEditKind.Overwrite,
        AppendAction.OverwriteIfExists => HeaderEditKind.OverwriteIfPresent,
        _ => HeaderEditKind.Append,
    };
}
