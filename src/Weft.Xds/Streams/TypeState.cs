using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Weft.Flow;
using Weft.Xds.Subscriptions;

namespace Weft.Xds.Streams;

/// <summary>
/// What a stream knows of one type: what the client wants, what it was sent, what it said of it. "Versions and nonces
/// are scoped to a type" (discovery.proto). Plain mutable state with a single owner, the stream's machine.
/// </summary>
internal sealed class TypeState(string typeUrl)
{
    // What the client has been sent and has not been told to forget. Resource is null where only its name is known.
    private readonly Dictionary<string, Delivered> _sent = new(StringComparer.Ordinal);

    // The names by which the client may have something else than it is to have; null where it may by any.
    private HashSet<string>? _doubtful;
    private bool _lookIsDue;
    private long _answeredBefore;
    private ResourceMap? _seen;

    /// <param name="Nonce">The response it went with; 0 where it is of an earlier stream.</param>
    /// <param name="Second">When that was, from the stream's opening.</param>
    public readonly record struct Delivered(XdsResource? Resource, long Nonce, uint Second);

    public string TypeUrl { get; } = typeUrl;

    public Subscription Subscription { get; } = new(SendOrder.HasLegacyWildcard(typeUrl));

    /// <summary>The hash of all that the client has been sent.</summary>
    public ContentHash Hash { get; private set; }

    /// <summary>The number of the last response, 0 before the first.</summary>
    public long LastSent { get; private set; }

    /// <summary>The number of the newest response that the client has accepted or rejected.</summary>
    public long LastAnswered { get; private set; }

    /// <summary>Whether a response is on its way that the client has said nothing about.</summary>
    public bool Outstanding => LastAnswered < LastSent;

    /// <summary>The client's own words on the last response it rejected, be it one of removals alone; null once all is accepted.</summary>
    public string? Error { get; private set; }

    /// <summary>What it has not accepted yet, and what it rejected.</summary>
    public Trial Trial { get; } = new();

    /// <summary>A response is due even if there is no news.</summary>
    public bool Owed { get; set; }

    /// <summary>State of the world: a whole has left something out that the client may have still, for it has accepted none since.</summary>
    public bool TookAway { get; set; }

    /// <summary>Delta: names to report as removed although the client never had them from this stream.</summary>
    public HashSet<string> OwedRemovals { get; } = new(StringComparer.Ordinal);

    /// <summary>Delta: names whose absence the client has been told of.</summary>
    public HashSet<string> ToldAbsent { get; } = new(StringComparer.Ordinal);

    /// <summary>Delta: what the client said it had from an earlier stream, until there is a set to compare it with.</summary>
    public IReadOnlyDictionary<string, string>? InitialVersions { get; set; }

    /// <summary>State of the world: the hash of the names of the last request that was heard; null where it says nothing.</summary>
    public ContentHash? Asked { get; set; }

    /// <summary>What the last look found: something to send.</summary>
    public bool HasNews { get; set; }

    /// <summary>What the last look found: something to take away once nothing needs it any more.</summary>
    public bool HasStale { get; set; }

    public IReadOnlyCollection<string> SentNames => _sent.Keys;

    /// <summary>What it was sent, by name.</summary>
    public IReadOnlyDictionary<string, Delivered> Sent => _sent;

    /// <summary>What it was sent and has not rejected.</summary>
    public IEnumerable<XdsResource> SentResources => _sent.Values.Select(d => d.Resource).OfType<XdsResource>();

    /// <summary>Since when news has waited for the client to make ready for it; null where none waits.</summary>
    public TimeSpan? WaitingSince { get; set; }

    /// <summary>Whether the client named resources that it kept from an earlier stream.</summary>
    public bool KeptSome { get; set; }

    /// <summary>Since when the client owes an answer and has given none; null where it owes none.</summary>
    public TimeSpan? SilentSince { get; private set; }

    /// <summary>Takes note of how long the client has been silent.</summary>
    public void NoteSilence(TimeSpan now)
    {
        var isSilent = Outstanding && LastAnswered == _answeredBefore;
        SilentSince = Outstanding ? (isSilent ? SilentSince ?? now : now) : null;
        _answeredBefore = LastAnswered;
    }

    /// <summary>
    /// Whether all that was to be sent has been sent and accepted. What was rejected and is no longer there does not
    /// count: it is itself to be removed.
    /// </summary>
    /// <param name="mayBeUnanswered">Whether to be sent is enough.</param>
    public bool IsSettled(ResourceMap map, bool mayBeUnanswered) =>
        !HasNews && (mayBeUnanswered || (!Outstanding && !Trial.IsOn))
        && (Trial.Condemned == 0 || !_sent.Keys.Any(name => Trial.TryGetHeld(name, out _) && map.Contains(name)));

    public bool WasSent(string name) => _sent.ContainsKey(name);

    /// <summary>The next look looks at everything.</summary>
    public void Doubt() => (_seen, _doubtful) = (null, null);

    /// <summary>The next look looks at this name, too.</summary>
    public void Doubt(string name)
    {
        _doubtful?.Add(name);
        _lookIsDue = true;
    }

    /// <summary>Whether the client is to be compared with <paramref name="map"/>, since one of the two has changed.</summary>
    public bool TryLook(ResourceMap map)
    {
        if (ReferenceEquals(_seen, map) && !_lookIsDue)
        {
            return false;
        }

        if (_seen is null)
        {
            _doubtful = null;
        }
        else if (!ReferenceEquals(_seen, map))
        {
            _doubtful?.UnionWith(map.NamesSince(_seen));
        }

        (_seen, _lookIsDue) = (map, false);
        return true;
    }

    /// <summary>The client has been sent all that it is to have.</summary>
    public void Settle()
    {
        _doubtful ??= new(StringComparer.Ordinal);
        _doubtful.Clear();
        TakeTurn(allIsSent: true);
    }

    /// <summary>What it is to have and does not.</summary>
    public IEnumerable<XdsResource> Lacking(ResourceMap map) => Wanted(map).Select(Lack).OfType<XdsResource>();

    /// <summary>All that it lacks, at once.</summary>
    public ImmutableArray<XdsResource> AllLacking(ResourceMap map)
    {
        if (_doubtful is not { Count: 1 })
        {
            return [.. Lacking(map)];
        }

        // Nearly always one resource has changed.
        foreach (var name in _doubtful)
        {
            if (Subscription.Wants(name) && map.TryGet(name, out var resource) && Lack(resource) is { } lack)
            {
                return [lack];
            }
        }

        return [];
    }

    /// <summary>Whether there is something that it lacks; like its fellows below it allocates nothing for a few names.</summary>
    public bool IsLacking(ResourceMap map)
    {
        if (_doubtful is null)
        {
            return Lacking(map).Any();
        }

        foreach (var name in _doubtful)
        {
            if (Subscription.Wants(name) && map.TryGet(name, out var resource) && Lack(resource) is not null)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether it has something that is no longer there.</summary>
    public bool HasGone(ResourceMap map)
    {
        if (_doubtful is null)
        {
            return Gone(map).Any();
        }

        foreach (var name in _doubtful)
        {
            if (WasSent(name) && !map.Contains(name))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether it asked for something by name that is not there.</summary>
    public bool HasAbsent(ResourceMap map)
    {
        if (_doubtful is null)
        {
            return Absent(map).Any();
        }

        foreach (var name in _doubtful)
        {
            if (Subscription.IsNamed(name) && !map.Contains(name))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>All that it wants, each in the version that it is to have: one that it rejects is not sent again.</summary>
    public IEnumerable<XdsResource> View(ResourceMap map) =>
        Subscription.Of(map).Select(InForce).OfType<XdsResource>();

    /// <summary>What it has and is not to have, for it is no longer there.</summary>
    public IEnumerable<string> Gone(ResourceMap map) =>
        (_doubtful?.Where(WasSent) ?? _sent.Keys).Where(name => !map.Contains(name));

    /// <summary>What it asked for by name and neither has nor can have nor was told so.</summary>
    public IEnumerable<string> Missing(ResourceMap map) =>
        Absent(map).Where(name => !WasSent(name) && !ToldAbsent.Contains(name));

    /// <summary>What it asked for by name and cannot have.</summary>
    public IEnumerable<string> Absent(ResourceMap map) =>
        (_doubtful?.Where(Subscription.IsNamed) ?? Subscription.Names).Where(name => !map.Contains(name));

    // What it is to have of a resource and does not.
    private XdsResource? Lack(XdsResource resource) => Due(resource) is { } due && !IsCurrent(due) ? due : null;

    public bool IsCurrent(XdsResource resource) =>
        _sent.TryGetValue(resource.Name, out var delivered) && delivered.Resource is { } sent
        && (ReferenceEquals(sent, resource) || sent.Hash == resource.Hash);

    /// <summary>So many resources are about to be delivered.</summary>
    public void Expect(int resources)
    {
        if (_sent.Count == 0)
        {
            _sent.EnsureCapacity(resources);
        }
    }

    /// <summary>The client has this resource, of this response (0: of an earlier stream).</summary>
    public void Deliver(XdsResource resource, long nonce, uint second = 0)
    {
        ref var before = ref CollectionsMarshal.GetValueRefOrNullRef(_sent, resource.Name);
        if (!Unsafe.IsNullRef(ref before) && ReferenceEquals(before.Resource, resource) && !Trial.IsOpen(resource.Name))
        {
            // It goes again with others that have changed.
            before = new(resource, nonce, second);
            return;
        }

        var had = Drop(resource.Name).Resource;
        if (nonce > 0 && !Trial.IsJudged(resource) && (had?.Hash != resource.Hash || Trial.IsOpen(resource.Name)))
        {
            Trial.Sent(resource, had, nonce, second);
            ForgetError();
        }

        _sent[resource.Name] = new(resource, nonce, second);
        Hash = Hash.Plus(resource.Hash);
        ToldAbsent.Remove(resource.Name);
    }

    /// <summary>The client has a resource of this name, of a version unknown here.</summary>
    public void DeliverUnknown(string name) => _sent[name] = default;

    /// <summary>The client no longer has it, or must be sent it again.</summary>
    public bool Forget(string name)
    {
        Trial.Forget(name);
        if (!_sent.ContainsKey(name))
        {
            return false;
        }

        Drop(name);
        ForgetError();
        return true;
    }

    // What it was about is on its way in another version, or no longer to be there.
    private void ForgetError() => Error = Trial.Condemned == 0 && !Outstanding ? null : Error;

    /// <summary>Forgets every name that is no longer wanted.</summary>
    public void ForgetUnwanted()
    {
        foreach (var name in _sent.Keys.Where(name => !Subscription.Wants(name)).ToList())
        {
            Forget(name);
        }
    }

    private IEnumerable<XdsResource> Wanted(ResourceMap map)
    {
        if (_doubtful is null)
        {
            return Subscription.Of(map);
        }

        return _doubtful.Where(Subscription.Wants).Select(name => map.TryGet(name, out var resource) ? resource : null).OfType<XdsResource>();
    }

    public void Responded(long nonce) => LastSent = nonce;

    /// <summary>The client accepted the response (no error) or rejected it.</summary>
    /// <returns>Whether it rejected something that is not to be sent again.</returns>
    public bool Answer(long nonce, string? error, LastGood? lastGood)
    {
        // Else it is no response of this type, or was answered before.
        if (nonce <= LastAnswered || nonce > LastSent)
        {
            return false;
        }

        LastAnswered = nonce;
        Trial.Verdict? verdict = null;
        if (error is null)
        {
            Trial.Accept(nonce);
            ReleaseAccepted(nonce);
            TookAway &= Outstanding;
            Error = Trial.Condemned == 0 ? null : Error;
        }
        else
        {
            Error = error;
            var knowsWhy = Trial.Condemned > 0 && _sent.Values.Any(d => d.Nonce == nonce && d.Resource is { } r && Trial.IsCondemned(r));
            if (Trial.TryReject(nonce, error, knowsWhy, out verdict))
            {
                SendFallbacksAgain(nonce);
                Take(verdict, lastGood);
            }
        }

        TakeTurn(allIsSent: false);
        return verdict is { Guilty.Count: > 0 };
    }

    // What was kept in a whole although it had been rejected, and is accepted now.
    private void ReleaseAccepted(long nonce)
    {
        if (KeptSome && Trial.Condemned > 0)
        {
            foreach (var delivered in _sent.Values.Where(d => d.Nonce == nonce))
            {
                Trial.Accept(delivered.Resource);
            }
        }
    }

    private void TakeTurn(bool allIsSent)
    {
        foreach (var name in Trial.IsOn ? Trial.NextTurn(allIsSent) : [])
        {
            Doubt(name);
        }
    }

    private void Take(Trial.Verdict verdict, LastGood? lastGood)
    {
        foreach (var name in verdict.Guilty)
        {
            Drop(name);
            Trial.TryGetHeld(name, out var held);
            var former = held.IsUnsure ? null : held.Former;
            _sent[name] = new(former, 0, 0);
            Hash = former is null ? Hash : Hash.Plus(former.Hash);
            FallBack(name, held, lastGood);
        }

        foreach (var name in verdict.Later.Concat(verdict.Again))
        {
            MayHave(name);
        }

        OwedRemovals.UnionWith(verdict.Removed);
        _lookIsDue |= verdict.Removed.Count > 0;
    }

    // What went with the rejected, instead of something else that is kept back, may not have been taken over.
    private void SendFallbacksAgain(long nonce)
    {
        foreach (var (name, delivered) in _sent.Where(pair => pair.Value.Nonce == nonce).ToList())
        {
            if (delivered.Resource is { } resource && Trial.TryGetHeld(name, out var held) && held.Resource.Hash != resource.Hash)
            {
                MayHave(name);
            }
        }
    }

    // It may have been taken over, or not: the client is told again.
    private void MayHave(string name)
    {
        Drop(name);
        DeliverUnknown(name);
        Doubt(name);
    }

    private void FallBack(string name, Trial.Held held, LastGood? lastGood)
    {
        if (held.Former is { } former)
        {
            lastGood?.Note(held.Resource, former);
        }
        else if (lastGood?.InsteadOf(held.Resource) is { } good)
        {
            Trial.FallBackOn(name, good);
        }

        Doubt(name);
    }

    // What is to be sent of it by itself. What waits for its turn stays as it is with the client until then.
    private XdsResource? Due(XdsResource resource) =>
        !Trial.Holds(resource, out var held) ? resource : held.Error is null ? null : held.Former;

    // What a whole has of it. A client that has come back may have a version that is not known here, and would lose it.
    private XdsResource? InForce(XdsResource resource) =>
        Trial.Holds(resource, out var held) ? held.Former ?? (KeptSome ? resource : null) : resource;

    private Delivered Drop(string name)
    {
        if (_sent.Remove(name, out var delivered) && delivered.Resource is { } resource)
        {
            Hash = Hash.Minus(resource.Hash);
        }

        return delivered;
    }
}
