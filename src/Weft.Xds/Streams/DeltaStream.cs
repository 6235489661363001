using System.Collections.Immutable;
using System.Diagnostics;
using Weft.Xds.Subscriptions;

namespace Weft.Xds.Streams;

/// <summary>
/// One delta stream (<c>DeltaAggregatedResources</c>): requests and sets in, responses out. Pure and mutable, with a
/// single owner; no I/O, no clock. Its states are those of <see cref="SotwStream"/>, but an answer's nonce may be any
/// that is outstanding, and a stale one rejects nothing: "the server must honor changes to the subscription state even
/// if the nonce is stale" (xds_protocol.rst, "Incremental xDS").
/// </summary>
internal sealed class DeltaStream : IDialect
{
    private readonly Delivery _delivery;

    public DeltaStream(StreamLimits limits) => _delivery = new(this, new Outbox(limits.MaxResponseBytes), limits.Patience);

    public ImmutableArray<TypeState> Types => _delivery.Types;

    public TimeSpan? WakeAt => _delivery.WakeAt;

    /// <summary>Says what clients of its group had accepted; without it a client has only what it accepted itself.</summary>
    public void FallBackOn(LastGood lastGood) => _delivery.LastGood = lastGood;

    /// <summary>Says what the client can be told, before its first request is taken.</summary>
    public void Know(ClientAbilities client) => _delivery.Know(client);

    /// <summary>Takes one input at the time <paramref name="now"/> of the stream, and says what to write until the next.</summary>
    public ArraySegment<Response> Step(StreamInput input, TimeSpan now) => _delivery.Step(input, now);

    public void Take(StreamInput request) => Take(request as StreamInput.DeltaRequest
        ?? throw new UnreachableException($"A delta stream gets no {request.GetType().Name}."));

    public void Look(TypeState type, ResourceMap map)
    {
        AskedAliases.Resolve(type, map);
        if (type.InitialVersions is { } versions)
        {
            type.InitialVersions = null;
            CompareWith(versions, type, map);
        }

        var gone = type.HasGone(map);
        var last = SendOrder.RemovedLast(type.TypeUrl);
        type.HasStale = last && gone;
        type.HasNews = type.Owed || (gone && !last) || OwesRemovals(type, map)
            || type.IsLacking(map) || (type.HasAbsent(map) && type.Missing(map).Any()) || type.HasUntoldError(map);
    }

    public void SendNews(TypeState type, ResourceMap map, Outbox outbox)
    {
        if (type.Owed && SendOrder.AskedByHost(type.TypeUrl))
        {
            type.OwedRemovals.UnionWith(_delivery.HostedRoutes.Select(RoutesByHost.NothingOf));
        }

        var removed = type.OwedRemovals.Count > 0 || type.HasAbsent(map) || type.HasGone(map) ? Removals(type, map) : [];
        type.OwedRemovals.Clear();
        var isAll = type.LacksAll && type.Aliases is null && !SendOrder.AskedByHost(type.TypeUrl);
        var news = News(type, map);
        Told(type, removed);
        outbox.AddParts(type, news, removed, type.TakeErrors(map), isAll ? map : null);
        SayWhyRemoved(type, map, removed, outbox);
    }

    private static ImmutableArray<XdsResource> News(TypeState type, ResourceMap map)
    {
        var lacking = type.AllLacking(map);
        if (type.Aliases is { } aliases)
        {
            lacking = [.. lacking.Select(aliases.InEnvelope)];
        }

        return SendOrder.AskedByHost(type.TypeUrl) ? [.. lacking, .. Nobodys(type, map)] : lacking;
    }

    // What waits for a host hears only of resources that name it, not of what is removed.
    private static IEnumerable<XdsResource> Nobodys(TypeState type, ResourceMap map)
    {
        string[] nobodys = [.. type.Missing(map)];
        type.ToldAbsent.UnionWith(nobodys);
        return nobodys.Select(asked => XdsResource.Nothing(type.TypeUrl, asked));
    }

    private static ImmutableArray<string> Removals(TypeState type, ResourceMap map)
    {
        var gone = SendOrder.RemovedLast(type.TypeUrl) ? [] : type.Gone(map);
        var missing = SendOrder.AskedByHost(type.TypeUrl) ? [] : type.Missing(map);
        return [.. type.OwedRemovals.Where(name => IsToGo(type, map, name)).Union(missing).Union(gone)];
    }

    private static bool OwesRemovals(TypeState type, ResourceMap map)
    {
        foreach (var name in type.OwedRemovals)
        {
            if (IsToGo(type, map, name))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsToGo(TypeState type, ResourceMap map, string name) =>
        !map.Contains(name) || !type.Subscription.Wants(name);

    public void SendRemovals(TypeState type, ResourceMap map, Outbox outbox)
    {
        ImmutableArray<string> removed = [.. _delivery.Removable(type, map)];
        if (removed.IsEmpty)
        {
            return;
        }

        Told(type, removed);
        outbox.AddParts(type, [], removed, []);
        SayWhyRemoved(type, map, removed, outbox);
    }

    // That it is gone, every client has now heard; why, unless it just is, is not for the same response.
    private static void SayWhyRemoved(TypeState type, ResourceMap map, ImmutableArray<string> removed, Outbox outbox)
    {
        if (!removed.IsEmpty && type.TakeErrors(map) is { IsEmpty: false } errors)
        {
            outbox.AddParts(type, [], [], errors);
        }
    }

    public void SendHeartbeats(TypeState type, ResourceMap map, List<XdsResource> resources, string? accepted, Outbox outbox)
    {
        if (SendOrder.AskedByHost(type.TypeUrl))
        {
            // Without a body it would say that the host is nobody's.
            outbox.AddParts(type, [.. resources], [], []);
        }
        else
        {
            outbox.AddHeartbeats(type, resources, VersionText.Of(type.Hash));
        }
    }

    private void Take(StreamInput.DeltaRequest request)
    {
        var type = _delivery.Of(request.TypeUrl, out var first);
        _delivery.Answer(type, request.Nonce, request.Error);
        var wasWildcard = type.Subscription.Wildcard;
        if (first)
        {
            type.InitialVersions = request.InitialVersions;
            type.KeptSome = request.InitialVersions.Count > 0;
            type.Subscription.StartDelta(request.Subscribe.Count == 0, request.Unsubscribe.Count == 0);
        }

        type.Subscription.Add(request.Subscribe);
        foreach (var name in type.KnowsNothing ? [] : request.Subscribe)
        {
            Subscribe(type, name, first);
        }

        foreach (var name in request.Unsubscribe)
        {
            Unsubscribe(type, name);
        }

        // A client that asks for everything waits for an answer even where everything is nothing.
        // One that kept something has had its answer, on an earlier stream.
        type.Owed |= type.Subscription.Wildcard && !wasWildcard && !(first && type.KeptSome);
        type.Owed &= type.Subscription.Wildcard;
        // The first collection of virtual hosts is of the server's choice, and is empty here.
        type.Owed |= first && SendOrder.AskedByHost(type.TypeUrl);
        // Most requests only answer.
        if (first || request.Subscribe.Count > 0 || request.Unsubscribe.Count > 0)
        {
            type.Doubt();
        }
    }

    // "If a client subscribes to a resource that it is already subscribed to, the server must send it again": the
    // client may have dropped it. The same holds for the news that there is no such resource.
    private static void Subscribe(TypeState type, string name, bool first)
    {
        if (!first)
        {
            ForgetInitial(type, name);
        }

        type.Forget(name);
        type.ToldAbsent.Remove(name);
        type.Aliases?.Subscribe(type, name);
        type.ToldErrors?.Remove(name);
    }

    // Nothing is published yet: what it asks for anew it may have dropped.
    private static void ForgetInitial(TypeState type, string name)
    {
        if (type.InitialVersions is { Count: > 0 } versions && versions.ContainsKey(name))
        {
            var kept = versions as Dictionary<string, string> ?? new(versions, StringComparer.Ordinal);
            kept.Remove(name);
            type.InitialVersions = kept;
        }
    }

    private static void Unsubscribe(TypeState type, string name)
    {
        if (type.Aliases?.Unsubscribe(type, name) == true)
        {
            return;
        }

        if (!type.Subscription.Remove(name))
        {
            // "A client may send an unsubscribe for a resource it is not subscribed to; the server must ignore it".
            return;
        }

        ForgetInitial(type, name);
        type.ToldAbsent.Remove(name);
        type.ToldErrors?.Remove(name);
        if (name == Subscription.Star)
        {
            type.ForgetUnwanted();
            type.OwedRemovals.RemoveWhere(owed => !type.Subscription.Wants(owed));
        }
        else
        {
            type.Forget(name);
            type.OwedRemovals.Remove(name);
            if (type.Subscription.Wildcard)
            {
                // Still wanted by the wildcard: the server must answer with the resource, or with its removal, so that
                // the client knows which of the two holds.
                type.OwedRemovals.Add(name);
            }
        }
    }

    // "initial_resource_versions": what the client kept from an earlier stream. What is unchanged need not be sent; what
    // no longer exists must be removed.
    private void CompareWith(IReadOnlyDictionary<string, string> versions, TypeState type, ResourceMap map)
    {
        if (SendOrder.AskedByHost(type.TypeUrl))
        {
            // What its hosts mean is sent all the same, and what else it has may be in the way of it.
            type.OwedRemovals.UnionWith(versions.Keys.Where(name => !type.Subscription.Wants(name)));
            return;
        }

        bool? mayMeanAll = null;
        foreach (var (name, version) in versions)
        {
            // An unknown name may have meant it when it was there.
            if (!type.Subscription.Wants(name) && (map.Contains(name) || !(mayMeanAll ??= type.HasAbsent(map))))
            {
                continue;
            }

            if (map.TryGet(name, out var resource) && resource.Version == version && !SendOrder.IgnoresInitialVersions(type.TypeUrl))
            {
                type.Deliver(resource, 0);
                _delivery.Heartbeats?.Kept(resource);
            }
            else
            {
                // It is to be replaced, or to go.
                type.DeliverUnknown(name);
            }
        }
    }

    private static void Told(TypeState type, ImmutableArray<string> removed)
    {
        foreach (var name in removed)
        {
            type.Aliases?.Removed(type, name);
            if (type.Subscription.IsNamed(name))
            {
                type.ToldAbsent.Add(name);
                type.ToldErrors?[name] = null;
            }
        }
    }
}
