using System.Collections.Immutable;
using Weft.Xds;

namespace Weft.Admin;

/// <summary>A resource that is published, as <c>/debug/resources</c> lists it.</summary>
internal sealed record ResourceView(string Group, string Type, string Name, string Version, int Bytes)
{
    public static ImmutableArray<ResourceView> Of(ResourceGroups groups) =>
        [.. groups.Made.Append(new("", groups.Default ?? ResourceSet.Empty))
            .OrderBy(g => g.Key, StringComparer.Ordinal)
            .SelectMany(g => g.Value.Types.OrderBy(t => t.TypeUrl, StringComparer.Ordinal).SelectMany(t => t.All)
                .Select(r => new ResourceView(g.Key, TypeUrl.ShortName(r.TypeUrl), r.Name, r.Version, r.Body.Length)))];
}
