using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Weft.Flow;
using Faults = System.Collections.Immutable.ImmutableDictionary<string, Weft.Xds.ResourceError>;

namespace Weft.Xds;

/// <summary>All resources of one type in a <see cref="ResourceSet"/>, in ordinal order of their names. Immutable.</summary>
public sealed class ResourceMap
{
    private readonly SortedTable<string, XdsResource> _byName;

    // Nearly all streams come from the same map to this one: what they compare is compared once. Weak, for each map
    // would hold the one before it, and that the one before.
    private volatile Difference? _since;

    private sealed record Difference(WeakReference<ResourceMap> Former, ImmutableArray<string> Names);

    private ResourceMap(string typeUrl, SortedTable<string, XdsResource> byName, ContentHash hash, Faults errors)
    {
        (TypeUrl, _byName, Hash, Errors) = (typeUrl, byName, hash, errors);
        All = [.. byName.Values];
    }

    /// <summary>No resources; of no type.</summary>
    internal static ResourceMap Empty { get; } = new("", SortedTable<string, XdsResource>.Empty, ContentHash.Empty, Faults.Empty);

    /// <summary>Why some names that it does not have cannot be had, by name.</summary>
    internal Faults Errors { get; }

    /// <summary>Whether it says nothing at all.</summary>
    internal bool IsEmpty => All.IsEmpty && Errors.IsEmpty;

    /// <summary>The type of every resource in it.</summary>
    public string TypeUrl { get; }

    /// <summary>The sum of its resources' hashes; equal contents have equal hashes.</summary>
    public ContentHash Hash { get; }

    /// <summary><see cref="Hash"/> as text.</summary>
    public string Version => Hash.ToString();

    /// <summary>The resources.</summary>
    public ImmutableArray<XdsResource> All { get; }

    /// <summary>Looks a resource up by its name.</summary>
    public bool TryGet(string name, [MaybeNullWhen(false)] out XdsResource resource) => _byName.TryGetValue(name, out resource);

    /// <summary>Whether there is a resource of this name.</summary>
    public bool Contains(string name) => _byName.ContainsKey(name);

    /// <summary>Whether the other map is known to have the same names.</summary>
    internal bool SharesNamesWith(ResourceMap other) => this == other || _byName.SharesKeysWith(other._byName);

    /// <summary>The names whose resources are not those of <paramref name="former"/>.</summary>
    internal ImmutableArray<string> NamesSince(ResourceMap former)
    {
        if (_since is not { } since || !since.Former.TryGetTarget(out var known) || known != former)
        {
            _since = since = new(new(former), [.. _byName.Since(former._byName).Select(change => change.Key), .. ErrorsSince(former)]);
        }

        return since.Names;
    }

    /// <summary>The same resources with other errors; this very map where they are these.</summary>
    internal ResourceMap With(string typeUrl, Faults errors) =>
        errors.Count == Errors.Count && errors.All(e => Errors.GetValueOrDefault(e.Key) == e.Value)
            ? this
            : new(typeUrl, _byName, Hash, errors);

    private IEnumerable<string> ErrorsSince(ResourceMap former) => ReferenceEquals(Errors, former.Errors)
        ? []
        : Errors.Keys.Union(former.Errors.Keys, StringComparer.Ordinal)
            .Where(name => Errors.GetValueOrDefault(name) != former.Errors.GetValueOrDefault(name));

    /// <exception cref="ArgumentException">Two resources have the same name.</exception>
    internal static ResourceMap Of(string typeUrl, IEnumerable<XdsResource> resources)
    {
        var byName = SortedTable.Of(resources.Select(r => KeyValuePair.Create(r.Name, r)));
        return new(typeUrl, byName, byName.Values.Aggregate(ContentHash.Empty, (sum, r) => sum.Plus(r.Hash)), Faults.Empty);
    }

    /// <summary>This map with the changes made; this very map where they change nothing. A resource that is equal is no change.</summary>
    /// <param name="changes">A resource for each name, null where there is to be none.</param>
    internal ResourceMap With(string typeUrl, IEnumerable<KeyValuePair<string, XdsResource?>> changes)
    {
        var hash = Hash;
        var real = new List<KeyValuePair<string, XdsResource?>>();
        foreach (var (name, resource) in changes)
        {
            var old = _byName.GetValueOrDefault(name);
            if (old?.Hash != resource?.Hash)
            {
                hash = old is null ? hash : hash.Minus(old.Hash);
                hash = resource is null ? hash : hash.Plus(resource.Hash);
                real.Add(new(name, resource));
            }
        }

        return real.Count == 0
            ? this
            : new(typeUrl, _byName.With([.. real.OrderBy(c => c.Key, StringComparer.Ordinal)]), hash, Errors);
    }
}
