using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using Weft.Flow;
using Weft.Xds.Subscriptions;

namespace Weft.Xds.Streams;

/// <summary>
/// One state-of-the-world stream (<c>StreamAggregatedResources</c>): requests and sets in, responses out. Pure and
/// mutable, with a single owner; no I/O, no clock.
/// </summary>
/// <remarks>
/// For each type:
/// <code>
///             first request                 news may be sent
///   (unasked) ────────────► [wanting] ──────────────────────────► [outstanding]
///                               ▲  ACK (nonce fits, no error)          │
///                               ├──────────────────────────────────────┤
///                               │  NACK (nonce fits, error_detail):    │
///                               └──── what was sent is not sent again ─┘
///                                     until it changes
/// </code>
/// </remarks>
internal sealed class SotwStream : IDialect
{
    private static readonly Dictionary<string, XdsResource> NoAssignments = [];
    private static readonly List<string> NoNames = [];

    // A whole cannot be split; whoever asks for more that does not exist hears of the rest when it is next said.
    private const int MostErrorsOfWhole = 4096;

    private readonly Delivery _delivery;

    // The clusters that the client is to have.
    private ResourceMap _clusters = ResourceMap.Empty;

    // On a stream of one type nothing is needed by another.
    private readonly bool _waits;

    public SotwStream(StreamLimits limits)
    {
        _waits = limits.Patience is not null;
        _delivery = new(this, new Outbox(limits.MaxResponseBytes), limits.Patience);
    }

    public ImmutableArray<TypeState> Types => _delivery.Types;

    public TimeSpan? WakeAt => _delivery.WakeAt;

    /// <summary>Says what clients of its group had accepted; without it a client has only what it accepted itself.</summary>
    public void FallBackOn(LastGood lastGood) => _delivery.LastGood = lastGood;

    /// <summary>Says what the client can be told, before its first request is taken.</summary>
    public void Know(ClientAbilities client) => _delivery.Know(client);

    /// <summary>Takes one input at the time <paramref name="now"/> of the stream, and says what to write until the next.</summary>
    public ArraySegment<Response> Step(StreamInput input, TimeSpan now)
    {
        if (input is StreamInput.Published published)
        {
            Follow(published.Set.Of(TypeUrl.Cluster));
        }

        return _delivery.Step(input, now);
    }

    public void Take(StreamInput request) => Take(request as StreamInput.SotwRequest
        ?? throw new UnreachableException($"A state-of-the-world stream gets no {request.GetType().Name}."));

    public void Look(TypeState type, ResourceMap map)
    {
        var empty = EmptyAssignments(type, map);
        var gone = type.HasGone(map) ? Gone(type, map, empty) : NoNames;
        type.HasNews = type.Owed || type.IsLacking(map) || LacksOne(type, empty) || type.HasUntoldError(map, empty);
        type.HasStale = false;
        if (!SendOrder.AbsenceDeletes(type.TypeUrl) && type.ToldErrors is not null)
        {
            // With errors there is a word for it, which waits as removals do: the client may drop what it still uses.
            type.HasStale = gone.Count > 0;
        }
        else if (!SendOrder.AbsenceDeletes(type.TypeUrl))
        {
            // "For other resource types, absence … does not mean deletion": nothing to say, only to be sent anew later.
            foreach (var name in gone)
            {
                type.Forget(name);
            }
        }
        else if (_waits && SendOrder.RemovedLast(type.TypeUrl))
        {
            type.HasStale = gone.Count > 0;
        }
        else
        {
            // A listener's removal goes with the additions: the next one may want its port.
            type.HasNews |= gone.Count > 0;
        }
    }

    private static List<string> Gone(TypeState type, ResourceMap map, Dictionary<string, XdsResource> empty) =>
        [.. type.Gone(map).Where(name => !empty.ContainsKey(name))];

    private static bool LacksOne(TypeState type, Dictionary<string, XdsResource> empty) =>
        empty.Count > 0 && empty.Values.Any(r => type.Lack(r) is not null);

    public void SendNews(TypeState type, ResourceMap map, Outbox outbox)
    {
        if (!SendOrder.AbsenceDeletes(type.TypeUrl))
        {
            var empty = EmptyAssignments(type, map);
            if (empty.Count == 0)
            {
                outbox.AddParts(type, type.AllLacking(map), [], type.TakeErrors(map), type.LacksAll ? map : null);
            }
            else
            {
                SendWithEmpty(type, map, empty, outbox);
            }

            return;
        }

        // The response "must include all resources": what the client may still need stays in until the removals.
        if (type.HasStale)
        {
            SendWhole(type, map, [.. type.View(map), .. Stale(type, map)], outbox, hasMore: true);
        }
        else
        {
            SendWhole(type, map, Wanted(type, map), outbox);
        }
    }

    public void SendRemovals(TypeState type, ResourceMap map, Outbox outbox)
    {
        if (SendOrder.AbsenceDeletes(type.TypeUrl))
        {
            SendWhole(type, map, Wanted(type, map), outbox);
            return;
        }

        var empty = EmptyAssignments(type, map);
        foreach (var name in Gone(type, map, empty))
        {
            type.Forget(name);
        }

        if (type.TakeErrors(map, empty) is { IsEmpty: false } errors)
        {
            outbox.AddParts(type, [], [], errors);
        }
    }

    /// <remarks>
    /// Where absence means deletion, the whole is said again: Envoy lets heartbeats aside first, and takes what is then
    /// not there for deleted. Elsewhere it knows a heartbeat by the version that it accepted last; where an answer is
    /// outstanding that is not known here, and what is due is sent with its body.
    /// </remarks>
    public void SendHeartbeats(TypeState type, ResourceMap map, List<XdsResource> resources, string? accepted, Outbox outbox)
    {
        if (SendOrder.AbsenceDeletes(type.TypeUrl))
        {
            outbox.AddWhole(type, [.. type.Has(map)], []);
        }
        else if (accepted is null || type.Outstanding)
        {
            outbox.AddParts(type, [.. resources], [], []);
        }
        else
        {
            outbox.AddHeartbeats(type, resources, accepted);
        }
    }

    private static void SendWithEmpty(
        TypeState type, ResourceMap map, Dictionary<string, XdsResource> empty, Outbox outbox) =>
        outbox.AddParts(
            type, [.. type.Lacking(map), .. empty.Values.Select(type.Lack).OfType<XdsResource>()], [], type.TakeErrors(map, empty));

    private static IEnumerable<XdsResource> Stale(TypeState type, ResourceMap map) =>
        type.SentResources.Where(r => !map.Contains(r.Name));

    // Those who want everything share it.
    private static ImmutableArray<XdsResource> Wanted(TypeState type, ResourceMap map) =>
        type.Subscription.Wildcard && !type.Trial.HoldsSome ? map.All : [.. type.View(map)];

    // Whether an assignment that is not there is an empty one depends on the cluster.
    private void Follow(ResourceMap clusters)
    {
        var former = _clusters;
        _clusters = clusters;
        if (former == clusters || Types.FirstOrDefault(type => type.TypeUrl == TypeUrl.Endpoints) is not { } endpoints)
        {
            return;
        }

        foreach (var name in clusters.NamesSince(former))
        {
            endpoints.Doubt(name);
            foreach (var map in (ReadOnlySpan<ResourceMap>)[former, clusters])
            {
                foreach (var need in map.TryGet(name, out var cluster) ? cluster.Needs : [])
                {
                    endpoints.Doubt(need);
                }
            }
        }
    }

    // A cluster whose assignment does not exist would wait for it until the client's timeout (15 s), and one whose
    // assignment is deleted would keep what it had. State of the world has no word for "none" but an empty one.
    private Dictionary<string, XdsResource> EmptyAssignments(TypeState type, ResourceMap map)
    {
        if (type.TypeUrl != TypeUrl.Endpoints || !type.HasAbsent(map))
        {
            return NoAssignments;
        }

        var missing = type.Absent(map).ToHashSet(StringComparer.Ordinal);
        missing.IntersectWith(_clusters.All.SelectMany(c => c.Needs.Append(c.Name)));
        return missing.ToDictionary(name => name, XdsResource.NoEndpoints, StringComparer.Ordinal);
    }

    private static void SendWhole(
        TypeState type, ResourceMap map, ImmutableArray<XdsResource> view, Outbox outbox, bool hasMore = false)
    {
        // Whoever has nothing but what is in it, and that is nearly everybody, has to forget nothing.
        if (type.HasMoreThan(view, map))
        {
            ForgetAllBut(type, map, view);
        }

        outbox.AddWhole(type, view, type.TakeErrors(map, most: MostErrorsOfWhole), hasMore ? null : map);
    }

    private static void ForgetAllBut(TypeState type, ResourceMap map, ImmutableArray<XdsResource> view)
    {
        var names = view.Select(r => r.Name).ToHashSet(StringComparer.Ordinal);
        bool IsKeptBack(string name) => type.Trial.TryGetHeld(name, out _) && map.Contains(name);
        foreach (var name in type.SentNames.Where(name => !names.Contains(name) && !IsKeptBack(name)).ToList())
        {
            type.Forget(name);
            type.TookAway = true;
        }
    }

    private void Take(StreamInput.SotwRequest request)
    {
        var type = _delivery.Of(request.TypeUrl, out var first);
        type.KeptSome |= first && request.HadVersion;
        var (isWhole, answered) = (SendOrder.AbsenceDeletes(type.TypeUrl), type.LastAnswered);
        if (_delivery.Answer(type, request.Nonce, request.Error) && isWhole && (type.TookAway || type.SentResources.Any()))
        {
            // The whole is said again without what it rejects: what went with that may be lost, such as what was left out.
            type.Owed = true;
            type.Doubt();
        }

        // Whoever accepts a whole has all of it that it wanted when it was read.
        var hasAll = isWhole && request.Error is null && type.LastAnswered != answered;
        var kept = hasAll ? type.Subscription.Last : type.Subscription.Kept;
        if (IsStale(type, request.Nonce))
        {
            // "The server should not send a DiscoveryResponse for any DiscoveryRequest that has a stale nonce". The
            // client is bound to send another request for the newest response, with its full list of names. But what
            // it leaves out here and names again there, it has dropped meanwhile.
            type.Subscription.Overhear(request.Names, kept);
            type.Asked = null;
            return;
        }

        var asked = (request.Names as NameSet)?.Asked ?? Hash(request.Names);
        if (type.Asked == asked)
        {
            // Most requests only answer.
            return;
        }

        type.Asked = asked;
        Follow(type, request, kept, first);
    }

    private static void Follow(TypeState type, StreamInput.SotwRequest request, Wish kept, bool first)
    {
        var isWhole = SendOrder.AbsenceDeletes(type.TypeUrl);
        var (wasWildcard, rejects) = (type.Subscription.Wildcard, type.Error is not null);
        var added = type.Subscription.Replace(request.Names);
        type.ForgetUnwanted();
        // "The server must resend any newly requested resource, even if it has not changed".
        var anew = type.SentNames.Where(name => !kept.Wants(name)).Concat(added.Where(type.WasSent));
        foreach (var name in type.KnowsNothing ? [] : anew.ToList())
        {
            type.Owed |= isWhole;
            // What it had by the wildcard it has still, and a whole says it again.
            if (!isWhole || !kept.Wants(name))
            {
                type.Forget(name);
            }
        }

        if (type.Subscription.Wildcard && !wasWildcard)
        {
            // A client that asks for everything waits for an answer even where everything is nothing.
            type.Owed |= isWhole;
        }

        // What it has not read yet may have what it asks for, though it was asked for before, and is gone since.
        type.Owed |= isWhole && !first && added.Count > 0;
        // What it has not read yet was for other names; and what it rejected, so that it still has what that left out,
        // it may not want any more.
        type.Owed |= isWhole && ((request.Nonce.Length == 0 && type.LastSent > 0) || (type.TookAway && rejects));
        // What it kept from an earlier stream and is gone it loses with a whole that has it not, and with nothing else.
        type.Owed |= first && request.HadVersion && isWhole;
        type.Owed &= type.Subscription.Wildcard || type.Subscription.Names.Count > 0;
        type.Doubt();
    }

    private static ContentHash Hash(IReadOnlyCollection<string> names)
    {
        using var hasher = new ContentHasher();
        return hasher.Add(names, static (hash, name) => hash.Add(name)).Finish();
    }

    // On a new stream a nonce means nothing: "the nonce … must not survive a stream restart".
    private static bool IsStale(TypeState type, string nonce) =>
        nonce.Length > 0 && type.LastSent > 0
        && !(long.TryParse(nonce, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number == type.LastSent);
}
