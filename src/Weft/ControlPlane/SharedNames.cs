using System.Collections.Concurrent;
using System.Collections.Immutable;
using Weft.Translation;
using Weft.Xds;

namespace Weft.ControlPlane;

/// <summary>Which resources are there for all proxies that send to services, besides their own.</summary>
/// <param name="Made">Those made of the manifests.</param>
/// <param name="Raw">Those that files give as they are, which every node gets.</param>
/// <param name="Version">The same object for as long as no name comes or goes.</param>
internal sealed record SharedNames(ResourceSet Made, ResourceSet Raw, object Version)
{
    // A namespace's routes name every service, and every proxy of the namespace has them.
    private readonly ConcurrentDictionary<XdsResource, ImmutableArray<Reference>> _missing = new(ReferenceEqualityComparer.Instance);

    public static SharedNames None { get; } = new(ResourceSet.Empty, ResourceSet.Empty, new());

    public SharedNames Next(ResourceSet made, ResourceSet raw) =>
        new(made, raw, made.SharesNamesWith(Made) && raw.SharesNamesWith(Raw) ? Version : new());

    public bool Has(Reference reference) => Has(Made, reference) || Has(Raw, reference);

    /// <summary>What a resource names and is not here.</summary>
    public ImmutableArray<Reference> MissingOf(XdsResource resource, ReferenceBook book) =>
        _missing.GetOrAdd(resource, r => [.. book.Of(r).Where(reference => !Has(reference))]);

    internal static bool Has(ResourceSet set, Reference reference) => set.Of(reference.TypeUrl).Contains(reference.Name);
}
