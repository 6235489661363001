using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Weft.Flow;

namespace Weft.Xds;

/// <summary>All resources of one type in a <see cref="ResourceSet"/>, in ordinal order of their names. Immutable.</summary>
public sealed class ResourceMap
{
    private readonly FrozenDictionary<string, XdsResource> _byName;

    internal ResourceMap(string typeUrl, IEnumerable<XdsResource> resources)
    {
        TypeUrl = typeUrl;
        All = [.. resources.OrderBy(r => r.Name, StringComparer.Ordinal)];
        _byName = All.ToFrozenDictionary(r => r.Name, StringComparer.Ordinal);
        Hash = All.Aggregate(ContentHash.Empty, (sum, r) => sum.Plus(r.Hash));
    }

    /// <summary>No resources; of no type.</summary>
    internal static ResourceMap Empty { get; } = new("", []);

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
}
