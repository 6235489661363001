using System.Collections.Immutable;
using System.Globalization;

namespace Weft.Xds.Streams;

/// <summary>
/// The part of a stream that both protocols share: which type may be sent now. Level-triggered: after each input it
/// looks at what the client is to have and what it has, and sends what may go; nothing is queued, so a client that is
/// slow costs no memory and is sent the newest when it is ready.
/// </summary>
/// <remarks>
/// <code>
///   CDS ──► EDS ──► (client has answered CDS and asked for its EDS) ──► LDS ──► RDS ──► (client has accepted both) ──► removals
/// </code>
/// xds_protocol.rst, "Eventual consistency considerations": make before break.
/// </remarks>
/// <param name="patience">
/// How long a step waits for the client before it is taken all the same, so that a client that never answers or never
/// asks is not waited for forever. Null: the stream has one type, and nothing waits for another.
/// </param>
internal sealed class Delivery(IDialect dialect, Outbox outbox, Patience? patience)
{
    private readonly Dictionary<string, TypeState> _types = new(StringComparer.Ordinal);

    // By the type that is needed: the names that what was sent makes the client ask for; null until somebody waits for it.
    private readonly Dictionary<string, HashSet<string>?> _awaited = new(StringComparer.Ordinal);
    private ImmutableArray<TypeState> _ordered = [];
    private ResourceSet? _set;
    private TimeSpan? _removalsWaitSince;
    private readonly ExtensionsInUse _extensions = new();
    private bool _tellsErrors;

    /// <summary>The types that the client has asked for, in wire order.</summary>
    public ImmutableArray<TypeState> Types => _ordered;

    /// <summary>What others of the group fall back on; null for a stream that has no others.</summary>
    public LastGood? LastGood { get; set; }

    /// <summary>When the client is told again of what has a time to live; null for a client that does not know of such.</summary>
    public Heartbeats? Heartbeats { get; private set; }

    /// <summary>When to look again although nothing has happened; null where there is nothing to wait for.</summary>
    public TimeSpan? WakeAt { get; private set; }

    /// <summary>Says what the client can be told, before its first request is taken.</summary>
    public void Know(ClientAbilities client)
    {
        outbox.TellsLifetimes = client.KnowsLifetimes;
        Heartbeats = client.KnowsLifetimes ? new() : null;
        _tellsErrors = client.ReadsErrors;
    }

    /// <summary>Takes one input at the time <paramref name="now"/> of the stream, and says what to write until the next.</summary>
    public ArraySegment<Response> Step(StreamInput input, TimeSpan now)
    {
        outbox.Begin();
        switch (input)
        {
            case StreamInput.Published published:
                _set = published.Set;
                break;
            case StreamInput.Elapsed:
                break;
            default:
                dialect.Take(input);
                break;
        }

        Send(now);
        return outbox.Responses;
    }

    /// <summary>The state of a type, made at its first request.</summary>
    public TypeState Of(string typeUrl, out bool first)
    {
        first = !_types.TryGetValue(typeUrl, out var type);
        if (type is null)
        {
            _types[typeUrl] = type = new(typeUrl) { ToldErrors = _tellsErrors ? new(StringComparer.Ordinal) : null };
            _ordered = [.. _types.Values.OrderBy(t => SendOrder.Rank(t.TypeUrl))];
        }

        return type;
    }

    /// <summary>The route configurations whose virtual hosts the client asks for by host, as far as it can have them.</summary>
    public IEnumerable<XdsResource> HostedRoutes =>
        (_types.TryGetValue(TypeUrl.Route, out var routes) ? routes.SentResources : _set?.Of(TypeUrl.Route).All ?? [])
            .Where(RoutesByHost.IsHosted);

    /// <summary>What the client has, is no longer there, and nothing that it has needs.</summary>
    public IEnumerable<string> Removable(TypeState type, ResourceMap map) => type.TypeUrl == TypeUrl.ExtensionConfig
        ? _extensions.Unused(type, map, _types.GetValueOrDefault(TypeUrl.Listener))
        : type.Gone(map);

    /// <summary>Takes note of an ACK or a NACK: "NACK is signified by the presence of the error_detail field".</summary>
    /// <returns>Whether something was rejected that is not to be sent again.</returns>
    public bool Answer(TypeState type, string nonce, string? error)
    {
        if (!long.TryParse(nonce, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return false;
        }

        var before = type.LastAnswered;
        var rejects = type.Answer(number, error, LastGood);
        if (type.LastAnswered != before)
        {
            Heartbeats?.Answered(type.TypeUrl, accepts: error is null && !type.Outstanding);
        }

        return rejects;
    }

    /// <summary>Whether the client still lacks something of the set, or has not answered.</summary>
    public static bool IsPending(TypeState type) => type.Outstanding || type.HasNews || type.HasStale || type.Owed || type.Trial.IsOn;

    private void Send(TimeSpan now)
    {
        WakeAt = null;
        outbox.Second = (uint)now.TotalSeconds;
        if (_set is null)
        {
            // Nothing is published yet: silence, not "there is nothing", which would delete what the client has.
            return;
        }

        do
        {
            foreach (var type in _ordered)
            {
                SendNews(type, _set.Of(type.TypeUrl), now);
            }

            SendRemovals(_set, now);
        }
        while (_ordered.Any(static type => type.IsLookDue)); // What was kept back has its turn.

        if (Heartbeats is not null)
        {
            SendHeartbeats(Heartbeats, _set, now);
        }
    }

    private void SendHeartbeats(Heartbeats heartbeats, ResourceSet set, TimeSpan now)
    {
        var said = outbox.Responses;
        heartbeats.Sent(said, now);
        foreach (var (type, resources) in heartbeats.Take(_ordered, now))
        {
            dialect.SendHeartbeats(type, set.Of(type.TypeUrl), resources, heartbeats.AcceptedVersion(type.TypeUrl), outbox);
        }

        heartbeats.Sent(outbox.Responses[said.Count..], now);
        if (heartbeats.Next is { } next)
        {
            WakeAt = WakeAt < next ? WakeAt : next;
        }
    }

    private void SendRemovals(ResourceSet set, TimeSpan now)
    {
        if (!_ordered.Any(type => type.HasStale))
        {
            _removalsWaitSince = null;
            return;
        }

        if (patience is not null && !NothingNeedsTheOld(set, patience, now))
        {
            return;
        }

        _removalsWaitSince = null;
        // What names clusters goes before the clusters do.
        foreach (var type in _ordered.Where(type => type.HasStale).OrderBy(type => !SendOrder.NeedsClusters(type.TypeUrl)))
        {
            dialect.SendRemovals(type, set.Of(type.TypeUrl), outbox);
            type.HasStale = false;
            Settle(type);
        }
    }

    private static void Settle(TypeState type)
    {
        if (type.HasNews)
        {
            return;
        }

        if (!type.HasStale)
        {
            type.Settle();
        }
        else
        {
            // What is to go may wait for a trial, which must not wait for what is to go.
            type.TakeTurn(allIsSent: true);
        }
    }

    private void SendNews(TypeState type, ResourceMap map, TimeSpan now)
    {
        // Where nothing is to be sent, what was kept back may have its turn.
        while (type.TryLook(map))
        {
            dialect.Look(type, map);
            Settle(type);
        }

        if (!type.HasNews)
        {
            type.WaitingSince = null;
            return;
        }

        if (patience is not null && SendOrder.NeedsClusters(type.TypeUrl) && !ClustersAreReady(type.WaitingSince ?? now, patience, now))
        {
            type.WaitingSince ??= now;
            return;
        }

        if (type.TypeUrl == TypeUrl.Cluster)
        {
            ForgetEndpointsOf(type.AllLacking(map));
        }
        else if (type.TypeUrl == TypeUrl.Listener)
        {
            _extensions.Leave(type, map);
        }
        else if (type.TypeUrl == TypeUrl.Route && _types.TryGetValue(TypeUrl.VirtualHost, out var hosts))
        {
            RoutesByHost.ForgetHostsOf(type.Lacking(map), hosts);
        }

        dialect.SendNews(type, map, outbox);
        (type.HasNews, type.WaitingSince) = (false, null);
        type.HasStale = type.HasStale && type.HasGone(map);
        Settle(type);
        if (References.NeededType(type.TypeUrl) is { } needed)
        {
            _awaited[needed] = null;
        }
    }

    // A changed cluster is warm only with "a new ClusterLoadAssignment response" (xds_protocol.rst, "Resource
    // warming"), even if the assignment itself is unchanged: so the client's copy of it counts as gone.
    private void ForgetEndpointsOf(ImmutableArray<XdsResource> clusters)
    {
        if (!_types.TryGetValue(TypeUrl.Endpoints, out var endpoints))
        {
            return;
        }

        foreach (var cluster in clusters)
        {
            foreach (var name in cluster.Needs)
            {
                // Also where there is none any more: then the client is told so, again.
                if (endpoints.Forget(name))
                {
                    endpoints.DeliverUnknown(name);
                    endpoints.Doubt(name);
                }
                else if (endpoints.ToldAbsent.Remove(name))
                {
                    endpoints.Doubt(name);
                }
            }
        }
    }

    // "Routes are not warmed": a route to a cluster without endpoints fails requests. So they wait until the client has
    // answered for its clusters, asked for their assignments, and been sent them.
    private bool ClustersAreReady(TimeSpan since, Patience patience, TimeSpan now) =>
        !_types.TryGetValue(TypeUrl.Cluster, out var clusters)
        || ((!clusters.Outstanding || TimeIsUp(since + patience.ForAnswer(clusters.TypeUrl), now))
            && (AllAskedFor(clusters, TypeUrl.Endpoints) || TimeIsUp(since + patience.Warming, now)));

    private bool NothingNeedsTheOld(ResourceSet set, Patience patience, TimeSpan now)
    {
        foreach (var type in _ordered.Where(type => SendOrder.NeedsClusters(type.TypeUrl)))
        {
            // What a client has not answered in its time is behind it on the wire, where the removals come after it.
            type.NoteSilence(now);
            var mayBeUnanswered = type.SilentSince is { } since && TimeIsUp(since + patience.ForAnswer(type.TypeUrl), now);
            if (!type.IsSettled(set.Of(type.TypeUrl), mayBeUnanswered))
            {
                return false;
            }
        }

        // A client that has come back uses listeners and routes that it has not asked for yet on this stream.
        var (listeners, routes) = (_types.GetValueOrDefault(TypeUrl.Listener), _types.GetValueOrDefault(TypeUrl.Route));
        var hasComeBack = _ordered.Any(type => type.KeptSome) && (listeners is null || routes is null);
        if (!hasComeBack && (listeners is null || AllAskedFor(listeners, TypeUrl.Route)))
        {
            return true;
        }

        _removalsWaitSince ??= now;
        return TimeIsUp(_removalsWaitSince.Value + patience.Warming, now);
    }

    // A name that the set does not have is not waited for, since asking for it gives nothing; nor one that only a
    // rejected resource needs, since its client does not ask.
    private bool AllAskedFor(TypeState needing, string neededType)
    {
        if (!_awaited.TryGetValue(neededType, out var awaited))
        {
            return true;
        }

        awaited ??= _awaited[neededType] = needing.SentResources.SelectMany(r => r.Needs).ToHashSet(StringComparer.Ordinal);
        var type = _types.GetValueOrDefault(neededType);
        var map = _set!.Of(neededType);
        awaited.RemoveWhere(name => !map.Contains(name) || (type is not null && type.WasSent(name)));
        if (awaited.Count > 0 && (needing.Trial.Condemned > 0 || needing.Trial.IsOn))
        {
            awaited.IntersectWith(needing.SentResources.SelectMany(r => r.Needs));
        }

        return awaited.Count == 0;
    }

    // Whoever waits is waited for no longer than this; counted from when it began to wait, so that news that keeps
    // coming does not put it off for ever.
    private bool TimeIsUp(TimeSpan until, TimeSpan now)
    {
        if (until <= now)
        {
            return true;
        }

        WakeAt = WakeAt is { } earlier && earlier < until ? earlier : until;
        return false;
    }
}
