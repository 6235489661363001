using Weft.Xds;
using Weft.Xds.Streams;

namespace Weft.Tests.Xds.Reference;

/// <summary>
/// Plays a script to a machine of the server: a client that reads late, rejects, changes its mind, goes and comes back,
/// and a world that changes meanwhile. The specification looks on.
/// </summary>
internal sealed partial class Player
{
    private const int Star = 4;

    private static readonly string[] Longed = [.. World.Names, Wishes.Star];

    private readonly bool _delta;
    private readonly string? _only;
    private readonly bool _appliesTheGood;
    private readonly int _maxBytes;
    private readonly World _world = new();
    private readonly Dictionary<string, Peer> _peers = [];
    private readonly Queue<OnTheWay> _wire = [];
    private readonly LastGood _lastGood = LastGood.Nothing();
    private readonly Action<string>? _log;
    private StreamSpec _spec;
    private Func<StreamInput, TimeSpan, ArraySegment<Response>> _step;
    private Func<TimeSpan?> _wakeAt;
    private TimeSpan _now;

    private Player(int kind, Action<string>? log)
    {
        _log = log;
        _delta = kind % 2 == 0;
        _only = (kind / 2) % 2 == 0 ? null : World.Types[(kind / 4) % World.Types.Length];
        _appliesTheGood = (kind / 32) % 2 == 0;
        _maxBytes = (kind / 64) % 4 == 0 ? 40 : new XdsServerSettings().MaxResponseBytes;
        (_spec, _step, _wakeAt) = Open();
    }

    /// <summary>Plays a whole script; throws where the specification is broken.</summary>
    public static void Play(Script script, Action<string>? log = null)
    {
        var player = new Player(script.Kind, log);
        log?.Invoke($"{(player._delta ? "delta" : "state of the world")}, {player._only ?? "aggregated"}, "
            + $"{(player._appliesTheGood ? "takes the good" : "takes all or nothing")}, {player._maxBytes} bytes");
        foreach (var step in script.Steps)
        {
            log?.Invoke(step.ToString());
            player.Do(step);
        }

        log?.Invoke("at last");
        player.Rest();
    }

    private void Do(Step step)
    {
        var type = _only ?? World.Types[step.A % World.Types.Length];
        switch (step.Act)
        {
            case Act.Publish:
                Change(step.B, step.C, type);
                Publish();
                break;
            case Act.PublishAll:
                Array.ForEach(World.Types, t => Change(step.B + t.Length, step.C, t));
                Publish();
                break;
            case Act.PublishEqual:
                Publish(anew: true);
                break;
            case Act.Ask:
                Ask(PeerOf(type), step.B, step.C);
                break;
            case Act.AskAgain:
                AskAgain(PeerOf(type));
                break;
            case Act.Resubscribe:
                Resubscribe(PeerOf(type), step.B, step.C);
                break;
            case Act.AskWithStrangeNonce:
                AskWithStrangeNonce(PeerOf(type), step.B, step.C);
                break;
            case Act.Read:
                for (var i = 0; i <= step.A % 3 && _wire.Count > 0; i++)
                {
                    Read(step.B, step.C + i);
                }

                break;
            case Act.Wait:
                Wait(TimeSpan.FromMilliseconds(step.A % 4000));
                break;
            case Act.Reconnect:
                Reconnect(step.A, step.B);
                break;
            default:
                Rest();
                break;
        }
    }

    // Each bit of the dice is a name; each version takes three bits.
    private void Change(int names, int versions, string type)
    {
        for (var i = 0; i < World.Names.Length; i++)
        {
            if (((names >> i) & 1) == 1)
            {
                _world.Change(type, World.Names[i], (versions >> (3 * i)) % 8 % World.Versions);
            }
        }
    }

    private void Publish(bool anew = false)
    {
        var set = _world.Publish(anew);
        _log?.Invoke("  publish " + string.Join(' ', set.Types.SelectMany(t => t.All).Where(r => _only is null || r.TypeUrl == _only)
            .Select(r => $"{TypeUrl.ShortName(r.TypeUrl)} {World.LabelOf(r)}")));
        Step(new StreamInput.Published(set));
    }

    private void NoteDropped(Peer peer)
    {
        foreach (var response in _wire.Where(r => r.Response.TypeUrl == peer.Rules.TypeUrl))
        {
            response.Dropped.UnionWith(Unwanted(peer));
        }
    }

    private static IEnumerable<string> Unwanted(Peer peer) => World.Names.Where(name => !peer.Wishes.Wants(name));

    /// <param name="Set">What was published when it was written.</param>
    /// <param name="Dropped">What the client did not want then or at some time since.</param>
    private sealed record OnTheWay(Response Response, ResourceSet Set, HashSet<string> Dropped);

    private static string[] Pick(int bits) => [.. Longed.Where((_, i) => ((bits >> i) & 1) == 1)];

    private void Ask(Peer peer, int bits, int more)
    {
        // The star is rarer than a name.
        bits = more % 3 == 0 ? bits : bits & ~(1 << Star);
        if (_delta)
        {
            var subscribe = Pick(bits & (bits >> 5));
            Subscribe(peer, subscribe, [.. Pick(more >> 3).Except(subscribe)]);
        }
        else
        {
            peer.Want(Pick(bits));
            Request(peer);
        }
    }

    private void AskAgain(Peer peer)
    {
        if (_delta)
        {
            Subscribe(peer, [], []);
        }
        else if (peer.Asked)
        {
            Request(peer);
        }
    }

    private void Resubscribe(Peer peer, int bits, int more)
    {
        var held = peer.Wishes.Names.Where((_, i) => ((bits >> i) & 1) == 1).ToArray();
        if (_delta && held.Length > 0)
        {
            foreach (var name in more % 2 == 0 ? held : [])
            {
                peer.Held.Remove(name);
                peer.LastGood.Remove(name);
            }

            Subscribe(peer, held, []);
        }
        else if (!_delta && peer.Asked)
        {
            var names = peer.Names;
            peer.Want([.. names.Except(held)]);
            Request(peer);
            peer.Want(names);
            Request(peer);
        }
    }

    private void AskWithStrangeNonce(Peer peer, int bits, int more)
    {
        var nonce = (more % 4) switch { 0 => "1", 1 => "77777", 2 => "x", _ => "-1" };
        // Until there was a response no nonce is strange: there is none to compare it with.
        if (!peer.Asked || (nonce == "1" && peer.Nonce.Length == 0))
        {
            return;
        }

        if (_delta)
        {
            Subscribe(peer, Pick(bits & 15), [], nonce == "1" ? "0" : nonce);
        }
        else if (peer.Nonce.Length > 0)
        {
            peer.Want(Pick(bits & 15));
            Request(peer, nonce: nonce == peer.Nonce || nonce == "1" ? "0" : nonce);
        }
    }

    private void Read(int dice, int more)
    {
        var (response, set, dropped) = _wire.Dequeue();
        var peer = PeerOf(response.TypeUrl);
        var whim = dice % 16 == 0 ? more : 0;
        var bad = peer.Read(response, set.Of(response.TypeUrl), dropped, (r, mayHaveWhims) => World.IsRejected(r, mayHaveWhims ? whim : 0));
        _log?.Invoke($"  read {response.Nonce}{(bad.Count > 0 ? $", reject {string.Join(' ', bad)}" : "")}");
        var error = bad.Count == 0 ? null : ((dice >> 4) % 3) switch
        {
            0 => "no",
            1 => $"{bad[0]}: no",
            _ => string.Join(", ", bad.Select(name => $"{name}: no")),
        };
        var changes = (dice >> 7) % 8 == 0;
        if (_delta)
        {
            Subscribe(peer, changes ? Pick(more >> 8) : [], [], response.Nonce, error);
        }
        else
        {
            if (changes)
            {
                peer.Want(Pick((more >> 8) & 15));
            }

            Request(peer, error);
        }
    }

    private void Wait(TimeSpan span)
    {
        _now += span;
        if (_wakeAt() <= _now)
        {
            Step(new StreamInput.Elapsed());
        }
    }
}
