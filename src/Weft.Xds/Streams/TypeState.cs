using System.Collections.Immutable;
using Weft.Flow;
using Weft.Xds.Subscriptions;

namespace Weft.Xds.Streams;

/// <summary>
/// What a stream knows of one type: what the client wants, what it was sent, what it said of it. "Versions and nonces
/// are scoped to a type" (discovery.proto). Plain mutable state with a single owner, the stream's machine.
/// </summary>
internal sealed partial class TypeState(string typeUrl)
{
    // What the client has been sent and has not been told to forget.
    private readonly Holdings _sent = new();

    // The names by which the client may have something else than it is to have; null where it may by any.
    private HashSet<string>? _doubtful;
    private bool _lookIsDue;
    private long _answeredBefore;
    private ResourceMap? _seen;

    public string TypeUrl { get; } = typeUrl;

    public Subscription Subscription { get; } = new(SendOrder.HasLegacyWildcard(typeUrl), !SendOrder.AskedByHost(typeUrl));

    /// <summary>Delta: what was asked for by other names; null where nothing was.</summary>
    public AskedAliases? Aliases { get; set; }

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

    /// <summary>
    /// What the client was told that it cannot have, and why: null where there is no such resource. Null as a whole for a
    /// client that is not told of errors.
    /// </summary>
    public Dictionary<string, ResourceError?>? ToldErrors { get; init; }

    /// <summary>Delta: what the client said it had from an earlier stream, until there is a set to compare it with.</summary>
    public IReadOnlyDictionary<string, string>? InitialVersions { get; set; }

    /// <summary>State of the world: the hash of the names of the last request that was heard; null where it says nothing.</summary>
    public ContentHash? Asked { get; set; }

    /// <summary>What the last look found: something to send.</summary>
    public bool HasNews { get; set; }

    /// <summary>What the last look found: something to take away once nothing needs it any more.</summary>
    public bool HasStale { get; set; }

    /// <summary>What it was sent, by name.</summary>
    public IReadOnlyCollection<KeyValuePair<string, Delivered>> Sent => _sent;

    public bool TryGetSent(string name, out Delivered delivered) => _sent.TryGet(name, out delivered);

    public IEnumerable<string> SentNames => _sent.Names;

    /// <summary>What it was sent and has not rejected.</summary>
    public IEnumerable<XdsResource> SentResources => _sent.Select(pair => pair.Value.Resource).OfType<XdsResource>();

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
        && (Trial.Condemned == 0 || !_sent.Names.Any(name => Trial.TryGetHeld(name, out _) && map.Contains(name)));

    private bool HasToldAbsent => ToldAbsent.Count > 0 || ToldErrors is { Count: > 0 };

    /// <summary>Whether there is nothing that it could forget.</summary>
    public bool KnowsNothing =>
        _sent.Count == 0 && !HasToldAbsent && Aliases is null && InitialVersions is null && !Trial.IsOn && !Trial.HoldsSome;

    public bool WasSent(string name) => _sent.Contains(name);

    /// <summary>The client has this resource, of this response (0: of an earlier stream).</summary>
    public void Deliver(XdsResource resource, long nonce, uint second = 0)
    {
        _sent.TryGet(resource.Name, out var before);
        _sent.Set(resource.Name, new(resource, nonce, second));
        if (!ReferenceEquals(before.Resource, resource))
        {
            Exchange(before.Resource, resource);
            ToldAbsent.Remove(resource.Name);
            ToldErrors?.Remove(resource.Name);
        }

        PutOnTrial(resource, before.Resource, nonce, second);
    }

    private void Exchange(XdsResource? had, XdsResource has) => Hash = (had is null ? Hash : Hash.Minus(had.Hash)).Plus(has.Hash);

    private void PutOnTrial(XdsResource resource, XdsResource? had, long nonce, uint second)
    {
        if (nonce == 0 || IsJudged(resource))
        {
            return;
        }

        if (had?.Hash != resource.Hash || Trial.IsOpen(resource.Name))
        {
            Trial.Sent(resource, had, nonce, second);
            ForgetError();
        }
        else
        {
            // It goes along with others that have changed.
            Trial.SentAgain(resource, nonce);
        }
    }

    // Whether nothing is to be found out about it: it is kept back, or goes instead of what is.
    private bool IsJudged(XdsResource resource) => Trial.TryGetHeld(resource.Name, out var held)
        && (held.Resource.Hash == resource.Hash || (held.Former?.Hash == resource.Hash && IsThere(held.Resource)));

    private bool IsThere(XdsResource resource) =>
        _seen!.TryGet(resource.Name, out var now) ? now.Hash == resource.Hash : resource.IsMadeUp;

    /// <summary>
    /// The client has all that it wants of <paramref name="map"/>, and nothing else of it, by responses that follow each
    /// other.
    /// </summary>
    /// <param name="parts">What it wants of the map, in order: the responses.</param>
    /// <param name="nonce">The first response.</param>
    public void DeliverAll(ResourceMap map, ReadOnlySpan<ImmutableArray<XdsResource>> parts, long nonce, uint second)
    {
        if (Trial.IsOn || Trial.HoldsSome || Trial.DoubtsSome || HasToldAbsent || !Subscription.TryShare(out var names)
            || (_sent.Count > 0 && (_sent.Whole is null || names is not null || parts.Length > 1)))
        {
            foreach (var part in parts)
            {
                foreach (var resource in part)
                {
                    Deliver(resource, nonce, second);
                }

                nonce++;
            }

            return;
        }

        if (_sent.Count > 0)
        {
            // What it has of its own, and what is new; the rest it has already.
            foreach (var name in _sent.OwnNames)
            {
                Renew(name);
            }

            foreach (var name in map.NamesSince(_sent.Whole!))
            {
                if (!_sent.HasOwn(name))
                {
                    Renew(name);
                }
            }
        }
        else
        {
            Trial.SentAll(parts, nonce, second);
            ForgetError();
            Hash = Subscription.HashOf(map);
        }

        _sent.Share(map, names, parts, nonce, second);

        void Renew(string name)
        {
            if (map.TryGet(name, out var resource))
            {
                _sent.TryGet(name, out var before);
                Exchange(before.Resource, resource);
                PutOnTrial(resource, before.Resource, nonce, second);
            }
        }
    }

    /// <summary>Whether it was sent something that is not in <paramref name="view"/>.</summary>
    /// <param name="view">What it is to have of <paramref name="map"/>.</param>
    public bool HasMoreThan(ImmutableArray<XdsResource> view, ResourceMap map)
    {
        if (_sent is { Whole: { } had, Own: 0 } && view == map.All)
        {
            return !map.SharesNamesWith(had) && LacksAny(map, map.NamesSince(had));
        }

        var known = 0;
        foreach (var resource in view)
        {
            known += _sent.Contains(resource.Name) ? 1 : 0;
        }

        return known < _sent.Count;
    }

    private static bool LacksAny(ResourceMap map, ImmutableArray<string> names) => names.Any(name => !map.Contains(name));

    /// <summary>The client has a resource of this name, of a version unknown here.</summary>
    public void DeliverUnknown(string name) => _sent.Set(name, default);

    /// <summary>The client no longer has it, or must be sent it again.</summary>
    public bool Forget(string name)
    {
        Trial.Forget(name);
        if (!_sent.Contains(name))
        {
            return false;
        }

        Drop(name);
        ForgetError();
        return true;
    }

    /// <summary>Forgets every name that is no longer wanted.</summary>
    public void ForgetUnwanted()
    {
        foreach (var name in _sent.Names.Where(name => !Subscription.Wants(name)).ToList())
        {
            Forget(name);
        }

        foreach (var name in ToldErrors?.Keys.Where(name => !Subscription.IsNamed(name)).ToList() ?? [])
        {
            ToldErrors!.Remove(name);
        }
    }

    public void Responded(long nonce) => LastSent = nonce;

    private Delivered Drop(string name)
    {
        if (_sent.Remove(name, out var delivered) && delivered.Resource is { } resource)
        {
            Hash = Hash.Minus(resource.Hash);
        }

        return delivered;
    }
}
