using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Weft.Flow;
using Faults = System.Collections.Immutable.ImmutableDictionary<string, Weft.Xds.ResourceError>;

namespace Weft.Xds;

/// <summary>All resources of one type in a <see cref="ResourceSet"/>, in ordinal order of their names. Immutable.</summary>
public sealed class ResourceMap
{
    private readonly SortedTable<string, XdsResource> _byName;

    // Nearly all streams come from the same map to this one, and share the same older one: what they compare is compared
    // once. Weak, for each map would hold the one before it, and that the one before.
    private volatile Difference? _since;
    private volatile Difference? _sinceOlder;

    // The same for the names that nearly all streams ask for.
    private volatile Choice? _choice;

    // Made when a client first asks by another name.
    private volatile AliasIndex? _aliases;
    private volatile VirtualHostIndex? _hosts;

    private sealed record Difference(WeakReference<ResourceMap> Former, ImmutableArray<string> Names)
    {
        public bool IsFrom(ResourceMap former) => Former.TryGetTarget(out var known) && known == former;
    }

    private ResourceMap(
        string typeUrl, SortedTable<string, XdsResource> byName, ContentHash hash, bool hasAliases, Faults errors) =>
        (TypeUrl, _byName, Hash, HasAliases, Errors) = (typeUrl, byName, hash, hasAliases, errors);

    /// <summary>No resources; of no type.</summary>
    internal static ResourceMap Empty { get; } = new("", SortedTable<string, XdsResource>.Empty, ContentHash.Empty, hasAliases: false, Faults.Empty);

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
    public ImmutableArray<XdsResource> All => _byName.Entries;

    /// <summary>Looks a resource up by its name.</summary>
    public bool TryGet(string name, [MaybeNullWhen(false)] out XdsResource resource) => _byName.TryGetValue(name, out resource);

    /// <summary>Whether there is a resource of this name.</summary>
    public bool Contains(string name) => _byName.ContainsKey(name);

    /// <summary>Whether any of its resources may have aliases; false where none had since the map was made anew.</summary>
    internal bool HasAliases { get; }

    /// <summary>
    /// The name of the resource that is meant by what a delta client asked for, where it is meant as an alias: of virtual
    /// hosts, by a host. Null where it is a name, or nothing.
    /// </summary>
    internal string? MeantBy(string asked)
    {
        if (TypeUrl == Xds.TypeUrl.VirtualHost && (_hosts ??= new(All)).Of(asked) is { } host)
        {
            return host.Name;
        }

        return HasAliases && !Contains(asked) ? (_aliases ??= new(All)).Of(asked)?.Name : null;
    }

    /// <summary>Whether the other map is known to have the same names.</summary>
    internal bool SharesNamesWith(ResourceMap other) => this == other || _byName.SharesKeysWith(other._byName);

    /// <summary>The names, and aliases, whose resources are not those of <paramref name="former"/>.</summary>
    internal ImmutableArray<string> NamesSince(ResourceMap former)
    {
        if (_since is { } since && since.IsFrom(former))
        {
            return since.Names;
        }

        if (_sinceOlder is not { } older || !older.IsFrom(former))
        {
            older = new(new(former), FindNamesSince(former));
            (_since, _sinceOlder) = (older, _since);
        }

        return older.Names;
    }

    // Apart, for nearly all that ask find it known, and would make a closure each.
    private ImmutableArray<string> FindNamesSince(ResourceMap former)
    {
        var names = _byName.Since(former._byName).Select(change => change.Key);
        var andAliases = HasAliases || former.HasAliases ? names.SelectMany(name => AllOf(name, former)) : names;
        return [.. andAliases, .. ErrorsSince(former)];
    }

    /// <summary>What of it has one of these names.</summary>
    /// <param name="names">Nobody changes them.</param>
    internal Choice Of(HashSet<string> names)
    {
        if (_choice is not { } choice || choice.Names != names)
        {
            _choice = choice = new(names, Find(names));
        }

        return choice;
    }

    /// <summary>What of it has one of these names, in order.</summary>
    internal ImmutableArray<XdsResource> Find(IEnumerable<string> names) =>
        [.. names.Order(StringComparer.Ordinal).Select(_byName.GetValueOrDefault).OfType<XdsResource>()];

    private IEnumerable<string> AllOf(string name, ResourceMap former) =>
        [name, .. _byName.GetValueOrDefault(name)?.Aliases ?? [], .. former._byName.GetValueOrDefault(name)?.Aliases ?? []];

    /// <summary>The same resources with other errors; this very map where they are these.</summary>
    internal ResourceMap With(string typeUrl, Faults errors) =>
        errors.Count == Errors.Count && errors.All(e => Errors.GetValueOrDefault(e.Key) == e.Value)
            ? this
            : new(typeUrl, _byName, Hash, HasAliases, errors);

    private IEnumerable<string> ErrorsSince(ResourceMap former) => ReferenceEquals(Errors, former.Errors)
        ? []
        : Errors.Keys.Union(former.Errors.Keys, StringComparer.Ordinal)
            .Where(name => Errors.GetValueOrDefault(name) != former.Errors.GetValueOrDefault(name));

    /// <exception cref="ArgumentException">Two resources have the same name.</exception>
    internal static ResourceMap Of(string typeUrl, IEnumerable<XdsResource> resources)
    {
        var byName = SortedTable.Of(resources.Select(r => KeyValuePair.Create(r.Name, r)));
        return new(
            typeUrl, byName, byName.Entries.Aggregate(ContentHash.Empty, static (sum, r) => sum.Plus(r.Hash)),
            byName.Entries.Any(HasAlias), Faults.Empty);
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
            : new(
                typeUrl, _byName.With([.. real.OrderBy(c => c.Key, StringComparer.Ordinal)]), hash,
                HasAliases || real.Any(c => c.Value is { } resource && HasAlias(resource)), Errors);
    }

    private static bool HasAlias(XdsResource resource) => !resource.Aliases.IsEmpty;
}

/// <summary>The resources of a map that have one of some names. Immutable.</summary>
internal sealed class Choice(HashSet<string> names, ImmutableArray<XdsResource> resources)
{
    public HashSet<string> Names => names;

    public ImmutableArray<XdsResource> Resources => resources;

    /// <summary>Whether there is one for each name.</summary>
    public bool IsComplete => resources.Length == names.Count;

    /// <summary>The sum of their hashes.</summary>
    public ContentHash Hash { get; } = resources.Aggregate(ContentHash.Empty, static (sum, resource) => sum.Plus(resource.Hash));
}
