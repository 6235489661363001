using Weft.Xds.Streams;

namespace Weft.Tests.Xds.Reference;

/// <summary>A type of a delta stream.</summary>
internal sealed class DeltaSpec(TypeRules rules, Dictionary<string, HashSet<string>> everAccepted) : SpecType(rules, everAccepted)
{
    private readonly HashSet<string> _toldAbsent = [];

    // D43: names unsubscribed under the wildcard.
    private readonly HashSet<string> _owed = [];

    // D50: names it kept that what it asks for, and is not there, may have been aliases of.
    private readonly HashSet<string> _kept = [];
    private IReadOnlyDictionary<string, string>? _initial;
    private bool _asked;

    public void Hear(StreamInput.DeltaRequest request)
    {
        var (first, wasWildcard) = (!_asked, Wishes.Wildcard);
        _asked = true;
        var dropped = request.Unsubscribe.Where(name => name == Wishes.Star ? wasWildcard : Wishes.Names.Contains(name)).ToList();
        Wishes.Change(first, request.Subscribe, request.Unsubscribe);
        _initial = first ? request.InitialVersions : _initial;
        // D39: "the server must send it again", and so the news that it does not exist. D40: but not for what it has.
        foreach (var name in request.Subscribe.Where(_ => !first))
        {
            Renew(name);
        }

        foreach (var name in dropped.Where(name => name != Wishes.Star))
        {
            Renew(name);
            if (Wishes.Wildcard)
            {
                _owed.Add(name);
            }
        }

        ForgetUnwanted();
        _owed.RemoveWhere(_ => !Wishes.Wildcard);
        _toldAbsent.RemoveWhere(name => !Wishes.Names.Contains(name));
        OwesAnswer |= Wishes.Wildcard && !wasWildcard && !(first && request.InitialVersions.Count > 0);
        OwesAnswer &= Wishes.Wildcard;
        CompareInitial();
    }

    public override void Publish(IReadOnlyDictionary<string, string> there, IReadOnlySet<string> neededByClusters)
    {
        base.Publish(there, neededByClusters);
        CompareInitial();
    }

    public override void Warm(string name, bool must)
    {
        base.Warm(name, must);
        if (!must)
        {
            AgainRemoved.Add(name);
        }
        else if (!Told.ContainsKey(name))
        {
            _toldAbsent.Remove(name);
        }
    }

    public override IEnumerable<Due> Due()
    {
        if (There is null)
        {
            yield break;
        }

        foreach (var (name, version) in There.Where(r => Wishes.Wants(r.Key) && !IsBlocked(r.Key)))
        {
            if (IsNews(name, version) || _owed.Contains(name))
            {
                yield return new($"{name} in its newest version", Rules.NewsMayWait);
            }
        }

        foreach (var name in Told.Keys.Where(name => !There.ContainsKey(name)))
        {
            yield return new($"D45: that {name} is gone", Rules.RemovalsMayWait, IsRemoval: true);
        }

        foreach (var name in Wishes.Names.Where(name => IsUntold(name)).Union(_owed.Where(name => !There.ContainsKey(name))))
        {
            yield return new($"D44: that {name} does not exist", Rules.NewsMayWait);
        }

        if (OwesAnswer)
        {
            yield return new("an answer to the wildcard", Rules.NewsMayWait);
        }
    }

    protected override void Check(Response response)
    {
        foreach (var resource in response.Resources)
        {
            CheckResource(resource.Name, resource.Version);
        }

        foreach (var name in response.Removed)
        {
            Spec.Require(!There!.ContainsKey(name), $"{name} is published, and was said to be gone.");
            Spec.Require(Wishes.Wants(name) || _kept.Contains(name), $"D41: nobody asked for {name}, which is said to be gone.");
            Spec.Require(
                Told.ContainsKey(name) || IsUntold(name) || _owed.Contains(name) || _kept.Remove(name) || AgainRemoved.Contains(name),
                $"D45: that {name} is gone was said before, or it never was there.");
        }

        Spec.Require(
            OwesAnswer || !response.Resources.IsEmpty || !response.Removed.IsEmpty, "B11: a response that says nothing.");
    }

    protected override void Note(Response response)
    {
        foreach (var resource in response.Resources)
        {
            NoteResource(resource.Name, resource.Version);
            _owed.Remove(resource.Name);
            _toldAbsent.Remove(resource.Name);
        }

        foreach (var name in response.Removed)
        {
            Forget(name);
            _owed.Remove(name);
            AgainRemoved.Remove(name);
            if (Wishes.Names.Contains(name))
            {
                _toldAbsent.Add(name);
            }
        }
    }

    private bool IsUntold(string name) =>
        Wishes.Names.Contains(name) && !There!.ContainsKey(name) && !Told.ContainsKey(name) && !_toldAbsent.Contains(name);

    private void Renew(string name)
    {
        Forget(name);
        _toldAbsent.Remove(name);
        _initial = _initial?.Where(kept => kept.Key != name).ToDictionary();
    }

    // D48: what it kept from an earlier stream. What no longer exists is to be removed, what is the same need not be said.
    private void CompareInitial()
    {
        if (There is null)
        {
            return;
        }

        var initial = _initial ?? StreamInput.DeltaRequest.NoVersions;
        _kept.UnionWith(Wishes.Names.All(There.ContainsKey) ? [] : initial.Keys.Where(name => !Wishes.Wants(name)));
        foreach (var (name, version) in initial.Where(v => Wishes.Wants(v.Key)))
        {
            if (There.GetValueOrDefault(name) == version && !Rules.IsAlwaysSaidAnew)
            {
                Told[name] = version;
                NoteAccepted(name, version);
                LastAccepted[name] = version;
            }
            else
            {
                Told[name] = Unknown;
            }
        }

        _initial = null;
    }
}
