using System.Collections.Frozen;
using Weft.Flow;

namespace Weft.Xds;

/// <summary>
/// Everything that a group of nodes is to have: a consistent whole, published at once. Immutable; versioned by content.
/// </summary>
public sealed class ResourceSet
{
    private readonly FrozenDictionary<string, ResourceMap> _types;

    private ResourceSet(FrozenDictionary<string, ResourceMap> types)
    {
        _types = types;
        Hash = types.Values.Aggregate(ContentHash.Empty, (sum, map) => sum.Plus(map.Hash));
    }

    /// <summary>A set without resources: clients are told that there is nothing.</summary>
    public static ResourceSet Empty { get; } = new(FrozenDictionary<string, ResourceMap>.Empty);

    /// <summary>The sum of all its resources' hashes.</summary>
    public ContentHash Hash { get; }

    /// <summary><see cref="Hash"/> as text.</summary>
    public string Version => Hash.ToString();

    /// <summary>The types that it has resources of.</summary>
    public IEnumerable<ResourceMap> Types => _types.Values;

    /// <summary>A set of these resources.</summary>
    /// <param name="resources">In any order.</param>
    /// <param name="previous">
    /// The set it follows. Types that did not change are shared with it, which lets streams pass over them quickly.
    /// </param>
    /// <exception cref="ArgumentException">Two resources share type and name: clients reject such a response.</exception>
    public static ResourceSet Create(IEnumerable<XdsResource> resources, ResourceSet? previous = null)
    {
        var types = new Dictionary<string, ResourceMap>(StringComparer.Ordinal);
        foreach (var group in resources.GroupBy(r => r.TypeUrl, StringComparer.Ordinal))
        {
            var twice = group.GroupBy(r => r.Name, StringComparer.Ordinal).FirstOrDefault(g => g.Skip(1).Any());
            if (twice is not null)
            {
                throw new ArgumentException($"Two resources of {group.Key} are named '{twice.Key}'.", nameof(resources));
            }

            var map = new ResourceMap(group.Key, group);
            types[group.Key] = previous?.Of(group.Key) is { } old && old.Hash == map.Hash ? old : map;
        }

        var set = new ResourceSet(types.ToFrozenDictionary(StringComparer.Ordinal));
        return previous is not null && previous.Hash == set.Hash ? previous : set;
    }

    /// <summary>A set of these messages, each named by its own field.</summary>
    public static ResourceSet Create(params IEnumerable<Google.Protobuf.IMessage> messages) =>
        Create(messages.Select(XdsResource.Create));

    /// <summary>Its resources of a type; empty where it has none.</summary>
    public ResourceMap Of(string typeUrl) =>
        _types.TryGetValue(typeUrl, out var map) ? map : ResourceMap.Empty;
}
