using System.Collections.Immutable;
using Weft.Flow;
using Weft.Xds.Streams;

namespace Weft.Xds;

/// <summary>
/// Everything that a group of nodes is to have: a consistent whole, published at once. Immutable; versioned by content.
/// </summary>
public sealed class ResourceSet
{
    // A handful of types: to look through them is faster than to hash.
    private readonly ImmutableArray<ResourceMap> _types;

    private ResourceSet(ImmutableArray<ResourceMap> types)
    {
        _types = types;
        Hash = types.Aggregate(ContentHash.Empty, (sum, map) => sum.Plus(map.Hash));
    }

    /// <summary>A set without resources: clients are told that there is nothing.</summary>
    public static ResourceSet Empty { get; } = new([]);

    /// <summary>What its publication is to all the streams that it is for.</summary>
    internal StreamInput.Published Publication => field ??= new(this);

    /// <summary>The sum of all its resources' hashes.</summary>
    public ContentHash Hash { get; }

    /// <summary><see cref="Hash"/> as text.</summary>
    public string Version => Hash.ToString();

    /// <summary>The types that it has resources of.</summary>
    public IEnumerable<ResourceMap> Types => _types;

    /// <summary>
    /// Whether the other set is known to have resources of the same names, because one came of the other by
    /// <see cref="With"/> and only contents have changed. Costs nothing; sets that were made apart may be told to differ
    /// though they do not.
    /// </summary>
    public bool SharesNamesWith(ResourceSet other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return this == other || (_types.Length == other._types.Length && _types.All(map => map.SharesNamesWith(other.Of(map.TypeUrl))));
    }

    internal static ResourceSet Of(IEnumerable<ResourceMap> types) => new([.. types]);

    /// <summary>A set of these resources.</summary>
    /// <param name="resources">In any order.</param>
    /// <param name="previous">
    /// The set it follows. Types that did not change are shared with it, which lets streams pass over them quickly.
    /// </param>
    /// <exception cref="ArgumentException">Two resources share type and name: clients reject such a response.</exception>
    public static ResourceSet Create(IEnumerable<XdsResource> resources, ResourceSet? previous = null)
    {
        var types = ImmutableArray.CreateBuilder<ResourceMap>();
        foreach (var group in resources.GroupBy(r => r.TypeUrl, StringComparer.Ordinal))
        {
            var twice = group.GroupBy(r => r.Name, StringComparer.Ordinal).FirstOrDefault(g => g.Skip(1).Any());
            if (twice is not null)
            {
                throw new ArgumentException($"Two resources of {group.Key} are named '{twice.Key}'.", nameof(resources));
            }

            var map = ResourceMap.Of(group.Key, group);
            types.Add(previous?.Of(group.Key) is { } old && old.Hash == map.Hash && old.Errors.IsEmpty ? old : map);
        }

        var set = new ResourceSet(types.ToImmutable());
        return previous is not null && previous.Hash == set.Hash && !previous.Errors.Any() ? previous : set;
    }

    /// <summary>A set of these messages, each named by its own field.</summary>
    public static ResourceSet Create(params IEnumerable<Google.Protobuf.IMessage> messages) =>
        Create(messages.Select(XdsResource.Create));

    /// <summary>Its resources of a type; empty where it has none.</summary>
    public ResourceMap Of(string typeUrl)
    {
        foreach (var map in _types)
        {
            if (map.TypeUrl == typeUrl)
            {
                return map;
            }
        }

        return ResourceMap.Empty;
    }

    /// <summary>
    /// This set with some resources replaced, added or taken away, at the cost of those; types that stay as they are are
    /// shared with it.
    /// </summary>
    /// <param name="gone">What is to go; a resource whose type and name <paramref name="now"/> has, too, is replaced.</param>
    /// <param name="now">What is to be there.</param>
    public ResourceSet With(IEnumerable<XdsResource> gone, IEnumerable<XdsResource> now)
    {
        var changes = new Dictionary<(string Type, string Name), XdsResource?>();
        foreach (var resource in gone)
        {
            changes[(resource.TypeUrl, resource.Name)] = null;
        }

        foreach (var resource in now)
        {
            changes[(resource.TypeUrl, resource.Name)] = resource;
        }

        var types = _types;
        foreach (var type in changes.GroupBy(c => c.Key.Type, c => KeyValuePair.Create(c.Key.Name, c.Value), StringComparer.Ordinal))
        {
            var former = Of(type.Key);
            var map = former.With(type.Key, type);
            types = map == former ? types : former == ResourceMap.Empty ? types.Add(map) : types.Replace(former, map);
        }

        return types == _types ? this : new([.. types.Where(map => !map.IsEmpty)]);
    }

    /// <summary>Why some resources that it does not have cannot be had.</summary>
    public IEnumerable<ResourceError> Errors => _types.SelectMany(map => map.Errors.Values);

    /// <summary>
    /// This set with these errors instead of those that it has. They are no part of <see cref="Hash"/>. What has no error
    /// and is not there does not exist. An error counts while there is no resource of its type and name: to have clients
    /// keep the last good version of a resource whose newest is bad, publish that.
    /// </summary>
    /// <exception cref="ArgumentException">A type or name is empty, a code is OK, or two errors are of the same resource.</exception>
    public ResourceSet WithErrors(IEnumerable<ResourceError> errors)
    {
        var byType = errors.GroupBy(e => e.Checked().TypeUrl, StringComparer.Ordinal).ToDictionary(
            type => type.Key,
            type => type.ToImmutableDictionary(e => XdsTpName.Canonical(e.Name), StringComparer.Ordinal),
            StringComparer.Ordinal);
        ImmutableArray<ResourceMap> types = [.. _types
            .Select(map => map.With(map.TypeUrl, byType.GetValueOrDefault(map.TypeUrl, ImmutableDictionary<string, ResourceError>.Empty)))
            .Concat(byType.Where(type => Of(type.Key) == ResourceMap.Empty).Select(type => ResourceMap.Empty.With(type.Key, type.Value)))
            .Where(map => !map.IsEmpty)];
        return types.SequenceEqual(_types) ? this : new(types);
    }
}
