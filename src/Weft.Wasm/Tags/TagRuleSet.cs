using System.Collections.Immutable;

namespace Weft.Wasm.Tags;

/// <summary>All rules of a configuration, as the plugin knows them. The numbers of the enums stand in its form.</summary>
/// <param name="Headers">All headers that a tag may be in, that of tags which name none first.</param>
/// <param name="ShareKey">What the shares go by; null where the request's id decides.</param>
/// <param name="Default">The tag of all others; null where they have none.</param>
internal sealed record TagRuleSet(
    TagRole Role, ImmutableArray<string> Headers, ImmutableArray<TagRule> Rules, TagPlace? ShareKey,
    ImmutableArray<TagShare> Shares, Tag? Default);

internal enum TagRole
{
    ByListener,
    Gateway,
    Sidecar,
}

/// <summary>A tag and its header; null where it names none.</summary>
internal sealed record Tag(string? Header, string Value);

internal sealed record TagRule(Tag Tag, bool Any, ImmutableArray<TagCondition> Conditions);

/// <param name="Weight">Hundredths of the requests that no rule has tagged.</param>
internal sealed record TagShare(Tag Tag, int Weight);

internal enum TagSource
{
    Header = 1,
    Cookie,
    Query,
    Path,
    Method,
    Address,
}

internal sealed record TagPlace(TagSource Source, string Key);

internal enum TagTest
{
    In,
    NotIn,
    Prefix,
    Regex,
    Percentage,
    Exists,
    NotExists,
}

/// <param name="Values">What <c>In</c>, <c>NotIn</c> and <c>Prefix</c> look for.</param>
/// <param name="Percent">Of <c>Percentage</c>.</param>
/// <param name="Table">Of <c>Regex</c>.</param>
internal sealed record TagCondition(
    TagPlace Place, TagTest Test, ImmutableArray<string> Values, int Percent, ImmutableArray<byte> Table);
