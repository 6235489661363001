using System.Collections.Immutable;
using System.Globalization;
using Weft.Xds;
using Weft.Xds.Streams;

namespace Weft.Tests.Xds.Reference;

/// <summary>One stream as the specification has it: hears what the server hears, and checks each response of the server.</summary>
/// <param name="everAccepted">By type and name: the versions that this client ever accepted, on any stream.</param>
internal sealed class StreamSpec(bool delta, bool isAggregated, Func<string, Dictionary<string, HashSet<string>>> everAccepted)
{
    // However little a client says, with so few names each bad one is soon found; each is sent alone, and the whole once.
    private const int MostResponsesWithoutCause = 40;

    private readonly Dictionary<string, SpecType> _types = [];
    private readonly Dictionary<string, int> _withoutCause = [];
    private ResourceSet? _set;
    private long _nonce;

    /// <summary>A client that rejects listeners or routes goes on with older ones, and may need what they use.</summary>
    public bool KeepsTheOld => isAggregated
        && _types.Values.Any(type => type.Rules.TypeUrl is TypeUrl.Listener or TypeUrl.Route && type.RejectsSome);

    /// <summary>The server is given an input and says this.</summary>
    public void Step(StreamInput input, ArraySegment<Response> said)
    {
        var silent = Hear(input);
        foreach (var response in said)
        {
            Spec.Require(response.TypeUrl != silent, "S32: a request with a stale nonce was answered.");
            Take(response);
        }

        foreach (var type in _types.Values)
        {
            foreach (var due in type.Due().Where(due => !due.MayWait))
            {
                Spec.Require(false, $"{TypeUrl.ShortName(type.Rules.TypeUrl)}: not said though nothing keeps it: {due.What}.");
            }
        }
    }

    /// <summary>Everything has been answered, and no alarm is set.</summary>
    public void Rest()
    {
        var owes = _types.Values
            .SelectMany(t => t.Due().Where(due => !(due.IsRemoval && KeepsTheOld)).Select(due => $"{TypeUrl.ShortName(t.Rules.TypeUrl)}: {due.What}"))
            .ToList();
        Spec.Require(owes.Count == 0, $"All is at rest, and the server still owes {string.Join(", ", owes)}.");
    }

    private string? Hear(StreamInput input)
    {
        switch (input)
        {
            case StreamInput.Published published:
                Publish(published.Set);
                return null;
            case StreamInput.SotwRequest request:
                var sotw = Of(request.TypeUrl);
                // What it says of an older response may be what the server waits for, to find out who is at fault.
                var saysMore = sotw.Awaits(request.Nonce) || sotw.IsAnythingOnTrial;
                var accepts = request.Error is null && sotw.Awaits(request.Nonce);
                Answer(sotw, request.Nonce, request.Error, request.Names.Count > 0);
                return ((SotwSpec)sotw).Hear(request, accepts) && !saysMore ? request.TypeUrl : null;
            case StreamInput.DeltaRequest request:
                var type = Of(request.TypeUrl);
                Answer(type, request.Nonce, request.Error, request.Subscribe.Count + request.Unsubscribe.Count > 0);
                ((DeltaSpec)type).Hear(request);
                return null;
            default:
                return null;
        }
    }

    private void Answer(SpecType type, string nonce, string? error, bool changes)
    {
        if (changes || !type.Awaits(nonce))
        {
            _withoutCause[type.Rules.TypeUrl] = 0;
        }

        type.Answer(nonce, error is null, (error ?? "").Split([' ', ':', ','], StringSplitOptions.RemoveEmptyEntries));
    }

    private SpecType Of(string typeUrl)
    {
        if (!_types.TryGetValue(typeUrl, out var type))
        {
            var rules = new TypeRules(typeUrl, isAggregated);
            _types[typeUrl] = type = delta ? new DeltaSpec(rules, everAccepted(typeUrl)) : new SotwSpec(rules, everAccepted(typeUrl));
            PublishTo(type);
        }

        return type;
    }

    private void Publish(ResourceSet set)
    {
        _set = set;
        _withoutCause.Clear();
        foreach (var type in _types.Values)
        {
            PublishTo(type);
        }
    }

    private void PublishTo(SpecType type)
    {
        if (_set is not null)
        {
            type.Publish(
                _set.Of(type.Rules.TypeUrl).All.ToDictionary(r => r.Name, r => r.Version),
                _set.Of(TypeUrl.Cluster).All.SelectMany(c => World.NeedsOf(c).Append(c.Name)).ToHashSet());
        }
    }

    private void Take(Response response)
    {
        var nonce = long.Parse(response.Nonce, NumberStyles.None, CultureInfo.InvariantCulture);
        Spec.Require(nonce > _nonce, $"B2: nonce {nonce} after {_nonce}.");
        _nonce = nonce;
        Spec.Require(_types.TryGetValue(response.TypeUrl, out var type), $"B12: nobody asked for {response.TypeUrl}.");
        var count = _withoutCause[response.TypeUrl] = _withoutCause.GetValueOrDefault(response.TypeUrl) + 1;
        Spec.Require(count < MostResponsesWithoutCause, "B17: it goes on and on.");
        var isNews = response.Resources.ToDictionary(r => r.Name, r => type.IsNews(r.Name, r.Version) && !type.IsSaidToBeKept(r.Name));
        var isFresh = response.Resources.Where(r => type.IsFresh(r.Name, r.Version)).ToList();
        type.Take(response, nonce);
        if (isAggregated && response.TypeUrl == TypeUrl.Cluster && _types.GetValueOrDefault(TypeUrl.Endpoints) is { } endpoints)
        {
            foreach (var (cluster, need) in isFresh.SelectMany(c => World.NeedsOf(c).Select(need => (c, need))))
            {
                // What it has still, since it rejected a newer version, is warm.
                endpoints.Warm(need, isNews[cluster.Name] && _set!.Of(TypeUrl.Cluster).TryGet(cluster.Name, out var now) && now.Hash == cluster.Hash);
            }
        }
    }
}
