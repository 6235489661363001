using System.Collections.Frozen;
using Weft.Xds;
using Weft.Xds.Streams;

namespace Weft.Tests.Xds.Reference;

/// <summary>The stream of the client: what is written to it, when it ends, and how it begins anew.</summary>
internal sealed partial class Player
{
    /// <summary>Reads all that comes and lets time go by, until nothing is to come; then looks at what the client has.</summary>
    private void Rest()
    {
        foreach (var peer in _peers.Values.Where(p => !_delta && p.Asked).ToList())
        {
            ReadAll();
            // Its last request may have had a stale nonce.
            Request(peer);
        }

        ReadAll();
        for (var alarms = 0; _wakeAt() is { } at; alarms++)
        {
            Spec.Require(alarms < 100, "The alarm rings and rings.");
            _now = at > _now ? at : _now;
            Step(new StreamInput.Elapsed());
            ReadAll();
        }

        _spec.Rest();
        foreach (var peer in _peers.Values.Where(p => _world.Set is not null && p.Asked))
        {
            peer.CheckRest(_world.Set!.Of(peer.Rules.TypeUrl), allIsTakenAway: (_delta || peer.Rules.IsWhole) && !_spec.KeepsTheOld);
        }
    }

    private void ReadAll()
    {
        while (_wire.Count > 0)
        {
            Read(1, 0);
        }
    }

    private void Reconnect(int how, int dice)
    {
        // Without the others' verdicts (LastGood) a state of the world is one that such a client rejects as a whole.
        if (!_delta && !_appliesTheGood)
        {
            return;
        }

        _wire.Clear();
        (_spec, _step, _wakeAt) = Open();
        if (_world.Set is { } set)
        {
            Step(new StreamInput.Published(set));
        }

        foreach (var peer in _peers.Values.Where(p => p.Asked).ToList())
        {
            var (wishes, names) = (peer.Wishes, peer.Names);
            peer.Reconnect();
            if (wishes.IsNothing || (!_delta && !peer.EverAcceptedAny))
            {
                // Nor does the server know of what it has, where it says no version.
                peer.Held.Clear();
            }

            if (wishes.IsNothing)
            {
                continue;
            }

            if (_delta)
            {
                Return(peer, wishes, how, dice);
            }
            else
            {
                peer.Want(names);
                Request(peer);
            }
        }
    }

    // With what it has; or it claims to have more, and has: other versions, or names that never were.
    private void Return(Peer peer, Wishes wishes, int how, int dice)
    {
        var type = peer.Rules.TypeUrl;
        foreach (var i in how % 3 == 0 ? Enumerable.Range(0, World.Names.Length).Where(i => ((dice >> i) & 1) == 1) : [])
        {
            if (wishes.Wants(World.Names[i]))
            {
                peer.Claim(World.Of(type, World.Names[i], 1 + ((dice >> 4) % 2)));
            }
        }

        string[] subscribe = wishes.Wildcard && !(peer.Rules.LegacyWildcard && wishes.Names.Count == 0 && dice % 2 == 0)
            ? [.. wishes.Names, Wishes.Star]
            : [.. wishes.Names];
        Subscribe(peer, subscribe, [], initial: peer.Held.ToFrozenDictionary());
    }

    private void Request(Peer peer, string? error = null, string? nonce = null)
    {
        _log?.Invoke($"  {TypeUrl.ShortName(peer.Rules.TypeUrl)} [{string.Join(' ', peer.Names)}] nonce {nonce ?? peer.Nonce} {error}");
        NoteDropped(peer);
        Step(new StreamInput.SotwRequest(peer.Rules.TypeUrl, nonce ?? peer.Nonce, [.. peer.Names], error, peer.EverAcceptedAny));
    }

    private void Subscribe(
        Peer peer, string[] subscribe, string[] unsubscribe, string nonce = "", string? error = null,
        IReadOnlyDictionary<string, string>? initial = null)
    {
        _log?.Invoke($"  {TypeUrl.ShortName(peer.Rules.TypeUrl)} +[{string.Join(' ', subscribe)}] -[{string.Join(' ', unsubscribe)}]"
            + $" nonce {nonce} {error}{(initial is null ? "" : $" has {string.Join(' ', initial.Keys)}")}");
        peer.Want(subscribe, unsubscribe);
        NoteDropped(peer);
        Step(new StreamInput.DeltaRequest(
            peer.Rules.TypeUrl, nonce, subscribe, unsubscribe, initial ?? StreamInput.DeltaRequest.NoVersions, error));
    }

    private void Step(StreamInput input)
    {
        var said = _step(input, _now);
        foreach (var response in said)
        {
            _log?.Invoke($"    {response.Nonce}: {TypeUrl.ShortName(response.TypeUrl)} [{string.Join(' ', response.Resources.Select(World.LabelOf))}]"
                + $" removed [{string.Join(' ', response.Removed)}]");
            _wire.Enqueue(new(response, _world.Set!, [.. Unwanted(PeerOf(response.TypeUrl))]));
        }

        _spec.Step(input, said);
    }

    private Peer PeerOf(string type) => _peers.TryGetValue(type, out var peer)
        ? peer
        : _peers[type] = new(new TypeRules(type, _only is null), _delta, _appliesTheGood);

    private (StreamSpec, Func<StreamInput, TimeSpan, ArraySegment<Response>>, Func<TimeSpan?>) Open()
    {
        var limits = new StreamLimits(_maxBytes, _only is null ? Patience.Of(new()) : null);
        var spec = new StreamSpec(_delta, _only is null, type => PeerOf(type).EverAccepted);
        if (_delta)
        {
            var delta = new DeltaStream(limits);
            delta.FallBackOn(_lastGood);
            return (spec, delta.Step, () => delta.WakeAt);
        }

        var sotw = new SotwStream(limits);
        sotw.FallBackOn(_lastGood);
        return (spec, sotw.Step, () => sotw.WakeAt);
    }
}
