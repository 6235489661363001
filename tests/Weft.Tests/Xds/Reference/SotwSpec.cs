using Weft.Xds;
using Weft.Xds.Streams;

namespace Weft.Tests.Xds.Reference;

/// <summary>A type of a state-of-the-world stream.</summary>
internal sealed class SotwSpec(TypeRules rules, Dictionary<string, HashSet<string>> everAccepted) : SpecType(rules, everAccepted)
{
    private IReadOnlyDictionary<string, string>? _effective;
    private IReadOnlySet<string> _neededByClusters = new HashSet<string>();

    // S22, S33: requests that were not heard. What one leaves out the client has dropped.
    private readonly List<Func<string, bool>> _unheard = [];
    private IReadOnlyCollection<string> _list = [];
    private bool _asked;
    private bool _keptSome;

    /// <returns>Whether the request has a stale nonce (S32): then it is not answered.</returns>
    public bool Hear(StreamInput.SotwRequest request, bool accepts)
    {
        var isStale = request.Nonce.Length > 0 && LastSent > 0 && request.Nonce != $"{LastSent}";
        var newly = request.Names.Where(name => name != Wishes.Star && !Wishes.Names.Contains(name)).ToList();
        var (returns, isLater) = (!_asked && request.HadVersion, _asked);
        _keptSome |= returns;
        _asked = true;
        if (accepts && Rules.IsWhole && _unheard.Count > 0)
        {
            // It has all of it that it wanted when it was read.
            _unheard.RemoveRange(0, _unheard.Count - 1);
        }

        if (isStale)
        {
            _unheard.Add(Wishes.Overhear(request.Names));
            return true;
        }

        var wasWildcard = Wishes.Wildcard;
        Wishes.Replace(request.Names);
        HasCredit |= RejectsSome;
        ForgetUnwanted();
        // S22: "must resend any newly requested". A whole says again what it has by the wildcard.
        var dropped = Known.Where(name => _unheard.Exists(wants => !wants(name))).ToList();
        _unheard.Clear();
        OwesAnswer |= Rules.IsWhole && ((isLater && newly.Count > 0) || newly.Concat(dropped).Any(Told.ContainsKey));
        HasCredit |= newly.Exists(Known.Contains);
        // It has yet to read what was for other names.
        OwesAnswer |= Rules.IsWhole && request.Nonce.Length == 0 && LastSent > 0 && !request.Names.SequenceEqual(_list);
        _list = request.Names;
        foreach (var name in Rules.IsWhole ? dropped : [.. dropped, .. newly])
        {
            Forget(name);
        }

        OwesAnswer |= Rules.IsWhole && Wishes.Wildcard && !wasWildcard;
        // S30: what it kept and is gone it does not know of.
        OwesAnswer |= Rules.IsWhole && returns;
        OwesAnswer &= !Wishes.IsNothing;
        Look();
        return false;
    }

    public override void Publish(IReadOnlyDictionary<string, string> there, IReadOnlySet<string> neededByClusters)
    {
        _neededByClusters = neededByClusters;
        base.Publish(there, neededByClusters);
        Look();
    }

    public override IEnumerable<Due> Due()
    {
        if (There is null)
        {
            yield break;
        }

        foreach (var (name, version) in Effective.Where(r => Wishes.Wants(r.Key) && !IsBlocked(r.Key) && IsNews(r.Key, r.Value)))
        {
            yield return new($"{name} in its newest version", Rules.NewsMayWait);
        }

        foreach (var name in Told.Keys.Where(name => !Effective.ContainsKey(name)))
        {
            yield return new($"S27: all there is, without {name}", Rules.RemovalsMayWait, IsRemoval: true);
        }

        if (OwesAnswer)
        {
            yield return new("S22: an answer to what is newly asked for", Rules.NewsMayWait);
        }
    }

    // B57: a cluster whose assignment does not exist is told that it has no endpoints.
    protected override IReadOnlyDictionary<string, string> Effective => _effective ?? There!;

    public override bool IsSaidToBeKept(string name) => _keptSome && IsBlocked(name);

    protected override void Check(Response response)
    {
        Spec.Require(response.Removed.IsEmpty, "State of the world has no removals.");
        if (Rules.IsWhole)
        {
            CheckWhole(response.Resources.ToDictionary(r => r.Name, r => r.Version));
            return;
        }

        Spec.Require(!response.Resources.IsEmpty, "B11: a response that says nothing.");
        foreach (var resource in response.Resources)
        {
            CheckResource(resource.Name, resource.Version);
        }
    }

    protected override void Note(Response response)
    {
        var gone = Rules.IsWhole ? Told.Keys.Except(response.Resources.Select(r => r.Name)).ToList() : [];
        foreach (var name in gone)
        {
            if (IsBlocked(name))
            {
                Told.Remove(name);
            }
            else
            {
                Forget(name);
            }
        }

        foreach (var resource in response.Resources)
        {
            NoteResource(resource.Name, resource.Version);
        }
    }

    private void CheckWhole(Dictionary<string, string> said)
    {
        Spec.Require(
            Due().Any() || HasCredit || IsAnythingOnTrial || Again.Count > 0, "B11: all was said before, and nothing has changed.");
        foreach (var (name, version) in said)
        {
            Spec.Require(Wishes.Wants(name), $"B13: {name} was not asked for.");
            if (Effective.ContainsKey(name))
            {
                CheckVersion(name, version, mayStay: _keptSome);
            }
            else
            {
                // It stays until nothing uses it any more.
                Spec.Require(Rules.TypeUrl == TypeUrl.Cluster && Told.ContainsKey(name), $"{name} is not published.");
            }
        }

        foreach (var name in Effective.Keys.Where(name => Wishes.Wants(name) && !said.ContainsKey(name)))
        {
            Spec.Require(
                IsBlocked(name) && !LastAccepted.ContainsKey(name), $"S27: {name} is left out, and so deleted by the client.");
        }
    }

    private void Look()
    {
        if (There is null)
        {
            return;
        }

        _effective = There;
        if (Rules.TypeUrl == TypeUrl.Endpoints)
        {
            var empty = Wishes.Names.Where(name => !There.ContainsKey(name) && _neededByClusters.Contains(name));
            _effective = There.Concat(empty.Select(name => KeyValuePair.Create(name, World.EmptyVersion(name)))).ToDictionary();
        }

        // S28: "absence does not mean deletion". Nothing is said, and what comes back is said anew.
        foreach (var name in Rules.IsWhole ? [] : Told.Keys.Where(name => !Effective.ContainsKey(name)).ToList())
        {
            Forget(name);
        }
    }
}
