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

    /// <summary>Takes one input at the time <paramref name="now"/> of the stream, and says what to write.</summary>
    public ImmutableArray<Response> Step(StreamInput input, TimeSpan now) => _delivery.Step(input, now);

    public void Take(StreamInput request) => Take(request as StreamInput.DeltaRequest
        ?? throw new UnreachableException($"A delta stream gets no {request.GetType().Name}."));

    public void Look(TypeState type, ResourceMap map)
    {
        CompareInitialVersions(type, map);
        var gone = type.HasGone(map);
        var last = SendOrder.RemovedLast(type.TypeUrl);
        type.HasStale = last && gone;
        type.HasNews = type.Owed || (gone && !last) || (type.OwedRemovals.Count > 0 && !type.OwedRemovals.All(map.Contains))
            || type.IsLacking(map) || (type.HasAbsent(map) && type.Missing(map).Any());
    }

    public void SendNews(TypeState type, ResourceMap map, Outbox outbox)
    {
        var removed = type.OwedRemovals.Count > 0 || type.HasAbsent(map) || type.HasGone(map) ? Removals(type, map) : [];
        type.OwedRemovals.Clear();
        outbox.AddParts(type, type.AllLacking(map), removed);
        Told(type, removed);
    }

    private static ImmutableArray<string> Removals(TypeState type, ResourceMap map)
    {
        var gone = SendOrder.RemovedLast(type.TypeUrl) ? [] : type.Gone(map);
        return [.. type.OwedRemovals.Where(name => !map.Contains(name)).Union(type.Missing(map)).Union(gone)];
    }

    public void SendRemovals(TypeState type, ResourceMap map, Outbox outbox)
    {
        ImmutableArray<string> removed = [.. type.Gone(map)];
        outbox.AddParts(type, [], removed);
        Told(type, removed);
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
        foreach (var name in request.Subscribe)
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
        if (!type.Subscription.Remove(name))
        {
            // "A client may send an unsubscribe for a resource it is not subscribed to; the server must ignore it".
            return;
        }

        ForgetInitial(type, name);
        type.ToldAbsent.Remove(name);
        if (name == Subscription.Star)
        {
            type.ForgetUnwanted();
            type.OwedRemovals.Clear();
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
    private static void CompareInitialVersions(TypeState type, ResourceMap map)
    {
        if (type.InitialVersions is not { } versions)
        {
            return;
        }

        type.InitialVersions = null;
        foreach (var (name, version) in versions.Where(v => type.Subscription.Wants(v.Key)))
        {
            if (!map.TryGet(name, out var resource))
            {
                type.DeliverUnknown(name);
            }
            else if (resource.Version == version && !SendOrder.IgnoresInitialVersions(type.TypeUrl))
            {
                type.Deliver(resource, 0);
            }
        }
    }

    private static void Told(TypeState type, ImmutableArray<string> removed)
    {
        foreach (var name in removed)
        {
            if (type.Subscription.IsNamed(name))
            {
                type.ToldAbsent.Add(name);
            }
        }
    }
}
