using System.Collections.Immutable;
using Weft.Translation;
using Weft.Xds;

namespace Weft.ControlPlane;

/// <summary>
/// What a group may be sent of its own, so that nothing in it leads nowhere that led somewhere before. Pure.
/// </summary>
/// <remarks>
/// What is named and was there stays as it was. Otherwise what names it stays as it was: of routes only those of the
/// virtual hosts that lead there, for the others are none of their business. What was never there either is sent all the
/// same, since only what goes there fails; except a listener whose routes or secrets are missing, which could serve nothing.
/// </remarks>
internal sealed class Mending
{
    private readonly GroupSurroundings _around;
    private readonly ReferenceBook _book;
    private readonly HashSet<Reference> _own;
    private readonly Dictionary<Reference, XdsResource> _kept = [];
    private readonly ImmutableArray<XdsResource>.Builder _resources = ImmutableArray.CreateBuilder<XdsResource>();
    private readonly ImmutableArray<Dangling>.Builder _dangling = ImmutableArray.CreateBuilder<Dangling>();

    private Mending(ImmutableArray<XdsResource> made, GroupSurroundings around, ReferenceBook book) =>
        (_around, _book, _own) = (around, book, made.Select(KeyOf).ToHashSet());

    /// <summary>The resources to send, and all that leads nowhere.</summary>
    public static (ImmutableArray<XdsResource> Resources, ImmutableArray<Dangling> Dangling) Of(
        ImmutableArray<XdsResource> made, GroupSurroundings around, ReferenceBook book)
    {
        var mending = new Mending(made, around, book);
        foreach (var resource in made)
        {
            mending.Take(resource);
        }

        return mending._dangling.Count == 0
            ? (made, [])
            : ([.. mending._resources, .. mending._kept.Values], mending._dangling.ToImmutable());
    }

    private static Reference KeyOf(XdsResource resource) => new(resource.TypeUrl, resource.Name);

    private void Take(XdsResource resource)
    {
        var missing = MissingOf(resource);
        if (missing.IsEmpty)
        {
            _resources.Add(resource);
            return;
        }

        var unknown = missing.RemoveAll(m => _around.LastOf(m) is not null);
        var former = unknown.IsEmpty ? null : Former(resource, unknown);
        var remedy = former is not null ? Remedy.SourceStays : CanServe(resource, unknown) ? Remedy.None : Remedy.SourceWaits;
        foreach (var to in unknown)
        {
            Tell(resource, to, remedy);
        }

        if (remedy != Remedy.SourceWaits)
        {
            Add(former ?? resource);
        }
    }

    // The routes of a namespace, which name every service, are looked up once for all proxies that have them.
    private ImmutableArray<Reference> MissingOf(XdsResource resource) => _around.Sends && resource.TypeUrl == TypeUrl.Route
        ? _around.Shared.MissingOf(resource, _book).RemoveAll(_own.Contains)
        : [.. _book.Of(resource).Where(reference => !_own.Contains(reference) && !_around.Has(reference))];

    private void Add(XdsResource resource)
    {
        _resources.Add(resource);
        foreach (var to in MissingOf(resource).Where(to => _around.LastOf(to) is not null))
        {
            Tell(resource, to, Remedy.TargetStays);
            Keep(to);
        }
    }

    // With what it needs itself, as a cluster its endpoints.
    private void Keep(Reference reference)
    {
        var waiting = new Stack<Reference>([reference]);
        while (waiting.TryPop(out var next))
        {
            if (_around.LastOf(next) is { } last && _kept.TryAdd(next, last))
            {
                foreach (var further in MissingOf(last))
                {
                    waiting.Push(further);
                }
            }
        }
    }

    private XdsResource? Former(XdsResource resource, ImmutableArray<Reference> unknown)
    {
        if (_around.LastOf(KeyOf(resource)) is not { } last)
        {
            return null;
        }

        return resource.TypeUrl == TypeUrl.Route ? WithFormerHosts(resource, last, unknown)
            : last.Hash != resource.Hash && MissingOf(last).All(m => _around.LastOf(m) is not null) ? last
            : null;
    }

    private XdsResource? WithFormerHosts(XdsResource resource, XdsResource last, ImmutableArray<Reference> unknown)
    {
        var routes = _book.RoutesOf(resource).Clone();
        var former = _book.RoutesOf(last).VirtualHosts.ToLookup(h => h.Name, StringComparer.Ordinal);
        var nowhere = unknown.Select(u => u.Name).ToHashSet(StringComparer.Ordinal);
        var changed = false;
        foreach (var host in routes.VirtualHosts.Where(host => EnvoyReferences.ClustersOf(host).Any(nowhere.Contains)))
        {
            if (former[host.Name].FirstOrDefault() is { } before && EnvoyReferences.ClustersOf(before).All(IsKnown))
            {
                // Its domains are the new ones: the former may have gone to another host, and none may be in two.
                host.Routes.Clear();
                host.Routes.AddRange(before.Routes);
                changed = true;
            }
        }

        return changed ? XdsResource.Create(routes) : null;
    }

    private bool IsKnown(string cluster)
    {
        var reference = new Reference(TypeUrl.Cluster, cluster);
        return _own.Contains(reference) || _around.Has(reference) || _around.LastOf(reference) is not null;
    }

    private static bool CanServe(XdsResource resource, ImmutableArray<Reference> unknown) =>
        resource.TypeUrl != TypeUrl.Listener || unknown.All(u => u.TypeUrl is not (TypeUrl.Route or TypeUrl.Secret));

    private void Tell(XdsResource resource, Reference to, Remedy remedy)
    {
        var route = resource.TypeUrl == TypeUrl.Route ? EnvoyReferences.RouteTo(_book.RoutesOf(resource), to.Name) : null;
        _dangling.Add(new(_around.Proxy, KeyOf(resource), to, route, remedy));
    }
}
