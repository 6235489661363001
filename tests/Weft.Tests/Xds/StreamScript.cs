using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Grpc.Core;
using Weft.Xds;
using Weft.Xds.Streams;

namespace Weft.Tests.Xds;

/// <summary>
/// Plays a scenario: a text of commands, each followed by what the stream then does. A line of a scenario is
/// <code>
/// sotw | delta                                    the protocol, first; again: another client of the same group
/// … ttl errors                                    the client knows of times to live, is told what it cannot have
/// publish cds/a@1>a eds/a@1~30s rds/r@2           a set: type/name@version, its time to live, and after > what it needs;
///                                                 of a listener ecds:f, too; of a virtual host, its domains
/// publish cds/a@1~x,y                             with aliases
/// cds [a b] | cds +a -b init=a@1,b@9              a request of the type (names: state of the world; + and -: delta)
/// … nonce=7 | nack=text | version=any             with this nonce; rejecting; with a version, kept from an earlier stream
/// publish rds/r@1 rds/s!14                        … with an error for a name, by its code
/// ack cds | nack cds text                         answers the last response of the type, with the same names
/// wait 2s                                         time goes by
/// alarm                                           when the stream wants to be woken
/// status                                          what the server knows of the client
/// # …                                             a comment
/// </code>
/// Lines that begin with two spaces are output, and are written anew by <c>UPDATE_GOLDEN=1</c>.
/// </summary>
internal sealed class StreamScript
{
    private readonly StringBuilder _output = new();
    private readonly Dictionary<string, string> _versions = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _nonces = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ImmutableArray<string>> _names = new(StringComparer.Ordinal);
    private Func<StreamInput, TimeSpan, ArraySegment<Response>> _step = (_, _) => [];
    private Func<ImmutableArray<TypeState>> _types = () => [];
    private Func<TimeSpan?> _wake = () => null;
    private readonly LastGood _lastGood = LastGood.Nothing();
    private bool _delta;
    private TimeSpan _now;
    private ResourceSet? _set;

    public static string Play(string script)
    {
        var player = new StreamScript();
        foreach (var line in script.Split('\n').Where(l => !l.StartsWith("  ", StringComparison.Ordinal)))
        {
            player._output.Append(line).Append('\n');
            player.Do(line.Trim());
        }

        return player._output.ToString().TrimEnd('\n') + "\n";
    }

    private void Do(string line)
    {
        var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        switch (words)
        {
            case [] or ["#", ..]:
                break;
            case ["sotw", .. var abilities]:
                var sotw = new SotwStream(StreamLimits.Default);
                sotw.FallBackOn(_lastGood);
                sotw.Know(Abilities(abilities));
                Open(sotw.Step, () => sotw.Types, () => sotw.WakeAt, false);
                break;
            case ["delta", .. var abilities]:
                var delta = new DeltaStream(StreamLimits.Default);
                delta.FallBackOn(_lastGood);
                delta.Know(Abilities(abilities));
                Open(delta.Step, () => delta.Types, () => delta.WakeAt, true);
                break;
            case ["publish", .. var resources]:
                _set = ResourceSet.Create(resources.Where(r => !r.Contains('!')).Select(Resource), _set)
                    .WithErrors(resources.Where(r => r.Contains('!')).Select(Error));
                Step(new StreamInput.Published(_set));
                break;
            case ["ack", var type]:
                Answer(type, null);
                break;
            case ["nack", var type, .. var text]:
                Answer(type, string.Join(' ', text));
                break;
            case ["wait", var span]:
                _now += TimeSpan.FromSeconds(double.Parse(span.TrimEnd('s'), CultureInfo.InvariantCulture));
                Step(new StreamInput.Elapsed());
                break;
            case ["alarm"]:
                var wake = _wake() is { } at ? string.Create(CultureInfo.InvariantCulture, $"in {(at - _now).TotalSeconds:0.###}s") : "none";
                _output.Append(CultureInfo.InvariantCulture, $"  {wake}\n");
                break;
            case ["status"]:
                WriteStatus();
                break;
            default:
                Step(Request(words[0], words[1..]));
                break;
        }
    }

    private static ClientAbilities Abilities(string[] words) => new(words.Contains("ttl"), words.Contains("errors"));

    private void Open(
        Func<StreamInput, TimeSpan, ArraySegment<Response>> step,
        Func<ImmutableArray<TypeState>> types,
        Func<TimeSpan?> wake,
        bool delta)
    {
        (_step, _types, _wake, _delta) = (step, types, wake, delta);
        _nonces.Clear();
        if (_set is not null)
        {
            Step(new StreamInput.Published(_set));
        }
    }

    private XdsResource Resource(string word)
    {
        var (timeless, lifetime) = Resources.CutLifetime(word);
        var (bare, aliases) = timeless.Split('~') is [var left, var others] ? (left, others.Split(',')) : (timeless, []);
        var (type, name, version) = (bare.Split('/')[0], bare[(bare.IndexOf('/') + 1)..].Split('@')[0], bare.Split('@')[1].Split('>')[0]);
        var needs = bare.Split('>') is [_, var list] ? list.Split(',') : [];
        var resource = Resources.Make(Url(type), name, version, needs).WithAliases(aliases).WithTimeToLive(Resources.LifetimeOf(lifetime));
        _versions[resource.Version] = version;
        return resource;
    }

    private static ResourceError Error(string word)
    {
        var (type, name, code) = (word.Split('/')[0], word.Split('/', '!')[1], word.Split('!')[1]);
        return new(Url(type), name, (StatusCode)int.Parse(code, CultureInfo.InvariantCulture), "so it is");
    }

    private void Answer(string type, string? error)
    {
        var nonce = _nonces.GetValueOrDefault(Url(type), "");
        Step(_delta
            ? new StreamInput.DeltaRequest(Url(type), nonce, [], [], StreamInput.DeltaRequest.NoVersions, error)
            : new StreamInput.SotwRequest(Url(type), nonce, _names.GetValueOrDefault(Url(type), []), error));
    }

    private StreamInput Request(string type, string[] words)
    {
        var url = Url(type);
        var nonce = Option(words, "nonce=") ?? (_delta ? "" : _nonces.GetValueOrDefault(url, ""));
        var error = Option(words, "nack=");
        if (!_delta)
        {
            var list = string.Join(' ', words);
            var names = list[(list.IndexOf('[') + 1)..list.IndexOf(']')].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            _names[url] = [.. names];
            return new StreamInput.SotwRequest(url, nonce, names, error, Option(words, "version=") is not null);
        }

        var initial = (Option(words, "init=") ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries)
            .ToDictionary(pair => pair.Split('@')[0], pair => VersionOf(url, pair));
        return new StreamInput.DeltaRequest(
            url, nonce, Prefixed(words, '+'), Prefixed(words, '-'), initial, error);
    }

    private string VersionOf(string url, string pair) =>
        _set?.Of(url).TryGet(pair.Split('@')[0], out var resource) == true && _versions[resource.Version] == pair.Split('@')[1]
            ? resource.Version
            : pair.Split('@')[1];

    private void Step(StreamInput input)
    {
        foreach (var response in _step(input, _now))
        {
            _nonces[response.TypeUrl] = response.Nonce;
            var resources = response.Resources.Select(r => Said(r, response.Lifetimes)).Order(StringComparer.Ordinal);
            var removed = response.Removed.IsEmpty ? "" : $" removed [{string.Join(' ', response.Removed.Order(StringComparer.Ordinal))}]";
            var errors = response.Errors.IsEmpty ? "" : $" errors [{string.Join(' ', response.Errors.Select(e => $"{e.Name}!{(int)e.Code}").Order(StringComparer.Ordinal))}]";
            _output.Append(
                CultureInfo.InvariantCulture,
                $"  -> {TypeUrl.ShortName(response.TypeUrl)} #{response.Nonce} [{string.Join(' ', resources)}]{removed}{errors}\n");
        }
    }

    // With its time to live where that is said: r@1~30s. A heartbeat, which has no body, is in parentheses: (r@1~30s). A
    // name that is nobody's is written nothing after; one that was asked for by others, with them.
    private string Said(XdsResource resource, Lifetimes lifetimes)
    {
        var lifetime = lifetimes == Lifetimes.Unsaid || resource.TimeToLive is not { } ttl
            ? ""
            : string.Create(CultureInfo.InvariantCulture, $"~{ttl.TotalSeconds}s");
        var said = $"{resource.Name}@{_versions.GetValueOrDefault(resource.Version, "empty")}{lifetime}";
        var aliases = string.Join(',', resource.Envelope.Aliases.Order(StringComparer.Ordinal));
        return resource.Kept is null ? $"({resource.Name}: nothing)"
            : lifetimes == Lifetimes.Renewed ? $"({said})"
            : aliases.Length > 0 ? $"({said} as {aliases})"
            : said;
    }

    private void WriteStatus()
    {
        foreach (var type in _types())
        {
            var state = type.Error is not null ? "rejected" : Delivery.IsPending(type) ? "pending" : "synced";
            var complete = _set is not null && type.Hash == _set.Of(type.TypeUrl).Hash ? " = published" : "";
            var error = type.Error is null ? "" : $" \"{type.Error}\"";
            _output.Append(CultureInfo.InvariantCulture, $"  {TypeUrl.ShortName(type.TypeUrl)} {state}{complete}{error}\n");
        }
    }

    private static string? Option(string[] words, string key) =>
        words.FirstOrDefault(w => w.StartsWith(key, StringComparison.Ordinal))?[key.Length..];

    private static string[] Prefixed(string[] words, char prefix) =>
        [.. words.Where(w => w[0] == prefix).Select(w => w[1..])];

    private static string Url(string type) => type switch
    {
        "cds" => TypeUrl.Cluster,
        "eds" => TypeUrl.Endpoints,
        "lds" => TypeUrl.Listener,
        "rds" => TypeUrl.Route,
        "sds" => TypeUrl.Secret,
        "srds" => TypeUrl.ScopedRoute,
        "vhds" => TypeUrl.VirtualHost,
        "ecds" => TypeUrl.ExtensionConfig,
        _ => "type.googleapis.com/" + type,
    };
}
