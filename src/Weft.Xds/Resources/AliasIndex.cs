using System.Collections.Frozen;

namespace Weft.Xds;

/// <summary>Which resource is meant by an alias. Immutable.</summary>
internal sealed class AliasIndex
{
    private readonly FrozenDictionary<string, XdsResource> _byAlias;

    /// <param name="resources">In ordinal order of their names: of two that have an alias in common it is the first one's.</param>
    public AliasIndex(IEnumerable<XdsResource> resources)
    {
        var byAlias = new Dictionary<string, XdsResource>(StringComparer.Ordinal);
        foreach (var resource in resources)
        {
            foreach (var alias in resource.Aliases)
            {
                byAlias.TryAdd(alias, resource);
            }
        }

        _byAlias = byAlias.ToFrozenDictionary(StringComparer.Ordinal);
    }

    public XdsResource? Of(string alias) => _byAlias.GetValueOrDefault(alias);
}
