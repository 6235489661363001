using System.Collections.Immutable;
using Weft.Flow;
using Weft.Xds.Streams;
using Weft.Xds.Subscriptions;

namespace Weft.Xds.Serving;

/// <summary>What one poll is answered with. Pure: nothing is remembered from one poll to the next.</summary>
/// <param name="Version">The sum of its resources' hashes: it changes exactly when what the client asks for does.</param>
internal sealed record RestPoll(string TypeUrl, string Version, ImmutableArray<XdsResource> Resources)
{
    public static RestPoll Of(string typeUrl, IReadOnlyCollection<string> names, ResourceSet set)
    {
        var wanted = new Subscription(SendOrder.HasLegacyWildcard(typeUrl));
        wanted.Replace(names);
        var map = set.Of(typeUrl);
        ImmutableArray<XdsResource> resources =
            [.. wanted.Of(map).Concat(EmptyAssignments(typeUrl, wanted, set)).OrderBy(r => r.Name, StringComparer.Ordinal)];
        return new(typeUrl, resources.Aggregate(ContentHash.Empty, (sum, r) => sum.Plus(r.Hash)).ToString(), resources);
    }

    /// <summary>
    /// Whether the client has this already, or has just rejected it: then there is nothing to say. Envoy takes 304 for
    /// "unchanged". The nonce of an answer is its version, so that one who rejects by it is not sent the same again.
    /// </summary>
    public bool IsKnownTo(string version, string nonce, bool rejects) => Version == (rejects && nonce.Length > 0 ? nonce : version);

    // As on a stream: a cluster whose assignment does not exist would wait for it.
    private static IEnumerable<XdsResource> EmptyAssignments(string typeUrl, Subscription wanted, ResourceSet set)
    {
        if (typeUrl != Xds.TypeUrl.Endpoints)
        {
            return [];
        }

        var map = set.Of(typeUrl);
        var missing = wanted.Names.Where(name => !map.Contains(name)).ToHashSet(StringComparer.Ordinal);
        if (missing.Count > 0)
        {
            missing.IntersectWith(set.Of(Xds.TypeUrl.Cluster).All.SelectMany(c => c.Needs.Append(c.Name)));
        }

        return missing.Select(XdsResource.NoEndpoints);
    }
}
