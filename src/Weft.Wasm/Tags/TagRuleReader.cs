using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;

namespace Weft.Wasm.Tags;

/// <summary>
/// Reads a configuration, in TrafficTag's own words or in those of Higress's <c>traffic-tag</c>. What it does not know it
/// refuses, since a rule that is half understood tags others than it was meant for.
/// </summary>
internal static class TagRuleReader
{
    private const string UsualHeader = "x-envoy-flow-tag";

    // What RFC 9110 calls a token.
    private static readonly SearchValues<char> NameCharacters =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyz");

    public static TagRuleSet Read(JsonElement root)
    {
        var whole = TagObject.Of(
            root, "$", "role", "header", "rules", "conditionGroups", "weightKey", "weights", "weightGroups",
            "default", "defaultTagVal", "defaultTagKey");
        var role = (TagRole)(whole.Word("role", null, "gateway", "sidecar") + 1);
        var header = Header(whole, "header");
        ImmutableArray<TagRule> rules = [.. whole.Items("rules", "conditionGroups").Select(item => Rule(item.Value, item.Path))];
        var key = whole.Find("weightKey") is { } place
            ? Place(TagObject.Of(place, "$.weightKey", "from", "conditionType", "key"))
            : null;
        var shares = Shares(whole);
        var other = Default(whole);
        return new(role, Headers(header, [.. rules.Select(r => r.Tag), .. shares.Select(s => s.Tag)], whole), rules, key, shares, other);
    }

    private static TagRule Rule(JsonElement value, string path)
    {
        var rule = TagObject.Of(value, path, "tag", "headerValue", "header", "headerName", "match", "logic", "conditions");
        var any = rule.Word("match", "logic", "all", "and", "any", "or") >= 2;
        ImmutableArray<TagCondition> conditions =
            [.. rule.Items("conditions").Select(item => TagConditionReader.Read(item.Value, item.Path))];
        var tag = ReadTag(rule);
        return conditions.IsEmpty
            ? throw TagMistakeException.At(path, "conditions are missing", "a tag for all others is the default")
            : new(tag, any, conditions);
    }

    private static ImmutableArray<TagShare> Shares(TagObject whole)
    {
        var shares = ImmutableArray.CreateBuilder<TagShare>();
        var sum = 0;
        foreach (var (value, path) in whole.Items("weights", "weightGroups"))
        {
            var share = TagObject.Of(value, path, "tag", "headerValue", "header", "headerName", "weight");
            if (!TryPercent(share.Text("weight"), out var weight) || (sum += weight) > 100)
            {
                throw TagMistakeException.At(path, "weights are whole numbers from 0 to 100, and so is their sum");
            }

            shares.Add(new(ReadTag(share), weight));
        }

        return shares.DrainToImmutable();
    }

    // Of Higress's two members neither does anything without the other.
    private static Tag? Default(TagObject whole)
    {
        var header = Header(whole, "defaultTagKey");
        var value = TagValue(whole, "default", "defaultTagVal");
        return value is null || (header is null && whole.Find("defaultTagVal") is not null) ? null : new(header, value);
    }

    private static Tag ReadTag(TagObject rule) => new(
        Header(rule, "header", "headerName"),
        TagValue(rule, "tag", "headerValue") ?? throw TagMistakeException.At(rule.Path, "a tag is missing"));

    // The header of tags that name none: the one for all, else the first that is named anywhere.
    private static ImmutableArray<string> Headers(string? header, ImmutableArray<Tag> tags, TagObject whole)
    {
        var named = tags.Select(t => t.Header).Append(Header(whole, "defaultTagKey")).OfType<string>().Distinct();
        return header is null ? [.. named.DefaultIfEmpty(UsualHeader)] : [header, .. named.Where(name => name != header)];
    }

    public static TagPlace Place(TagObject place)
    {
        var source = place.Word("from", "conditionType", "header", "cookie", "query", "parameter", "path", "method", "source") switch
        {
            -1 => throw TagMistakeException.At(place.Path, "it does not say where its value is from", "write from"),
            var word and < 3 => (TagSource)(word + 1),
            var word => (TagSource)word,
        };
        var key = place.Text("key") ?? "";
        return key.Length == 0 && source <= TagSource.Query
            ? throw TagMistakeException.At(place.Path, "a key is missing", "write key with the name of what it looks at")
            : new(source, source == TagSource.Header ? key.ToLowerInvariant() : key);
    }

    public static bool TryPercent(string? text, out int percent) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out percent) && percent <= 100;

    // A proxy has names of headers in lower case.
    private static string? Header(TagObject of, string name, string? otherName = null)
    {
        var text = of.Text(name, otherName)?.ToLowerInvariant();
        return text is null || (text.Length > 0 && !text.AsSpan().ContainsAnyExcept(NameCharacters))
            ? text
            : throw TagMistakeException.At(of.Path, $"'{name}' is no name of a header");
    }

    private static string? TagValue(TagObject of, string name, string otherName)
    {
        var text = of.Text(name, otherName);
        return text is null ? null
            : text.Length == 0 ? throw TagMistakeException.At(of.Path, "a tag is empty")
            : text.Any(char.IsControl) ? throw TagMistakeException.At(of.Path, "a tag has control characters, which no header may have")
            : text;
    }
}
