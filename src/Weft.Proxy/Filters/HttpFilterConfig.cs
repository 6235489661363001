using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Weft.Proxy.Filters;

/// <summary>What a filter before the router does.</summary>
internal abstract record HttpFilterConfig
{
    /// <summary>Nothing, here.</summary>
    internal sealed record Off : HttpFilterConfig
    {
        public static Off Instance { get; } = new();
    }
}

/// <summary>A filter of a listener, under the name by which routes change it.</summary>
internal sealed record HttpFilter(string Name, HttpFilterConfig Config);

/// <summary>What a virtual host, route or target makes of the listener's filters, by their names.</summary>
internal sealed record FilterOverrides(FrozenDictionary<string, HttpFilterConfig> ByName)
{
    public static FilterOverrides None { get; } = new(FrozenDictionary<string, HttpFilterConfig>.Empty);

    /// <summary>These with those of a level inside, which win.</summary>
    public FilterOverrides Inside(FrozenDictionary<string, HttpFilterConfig> inner) =>
        inner.Count == 0
            ? this
            : new(
                ByName.Where(o => !inner.ContainsKey(o.Key)).Concat(inner).ToFrozenDictionary(StringComparer.Ordinal));

    /// <summary>What a filter does where these hold.</summary>
    public HttpFilterConfig Of(HttpFilter filter) => ByName.GetValueOrDefault(filter.Name, filter.Config);
}
