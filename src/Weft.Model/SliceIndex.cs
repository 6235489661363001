using System.Collections.Immutable;
using Weft.Flow;

namespace Weft.Model;

/// <summary>The slices of one service.</summary>
internal sealed record SliceList(ImmutableArray<EndpointSliceConfig> Slices);

/// <summary>Which slices list the endpoints of which service.</summary>
/// <param name="All">Those it was made of.</param>
internal sealed record SliceIndex(ImmutableArray<EndpointSliceConfig> All, SortedTable<ObjectName, SliceList> ByService)
{
    public static SliceIndex Empty { get; } = new([], SortedTable<ObjectName, SliceList>.Empty);

    public ImmutableArray<EndpointSliceConfig> Of(ObjectName service) =>
        ByService.TryGetValue(service, out var list) ? list.Slices : [];

    /// <summary>The index of other slices. One slice changes, or few beside each other: what is alike before and after is passed over.</summary>
    public SliceIndex Next(ImmutableArray<EndpointSliceConfig> now)
    {
        var shorter = Math.Min(All.Length, now.Length);
        var start = 0;
        while (start < shorter && ReferenceEquals(All[start], now[start]))
        {
            start++;
        }

        var end = 0;
        while (end < shorter - start && ReferenceEquals(All[^(end + 1)], now[^(end + 1)]))
        {
            end++;
        }

        var (gone, come) = (All[start..^end].ToLookup(s => s.Service), now[start..^end].ToLookup(s => s.Service));
        return new(now, ByService.With(
        [
            .. gone.Select(g => g.Key).Union(come.Select(c => c.Key)).Order().Select(service =>
            {
                ImmutableArray<EndpointSliceConfig> slices = [.. Of(service).Except(gone[service]), .. come[service]];
                return KeyValuePair.Create(service, slices.IsEmpty ? null : new SliceList(slices));
            }),
        ]));
    }
}
