using Weft.Xds.Streams;

namespace Weft.Tests.Xds.Reference;

/// <summary>
/// What must be said of one type on one stream, what may be, and what must not: slow, and as plain as the statements of
/// the specification that it is made of.
/// </summary>
/// <param name="rules">What is particular to the type.</param>
/// <param name="everAccepted">By name: the versions that this client ever accepted, on any stream.</param>
internal abstract class SpecType(TypeRules rules, Dictionary<string, HashSet<string>> everAccepted)
{
    /// <summary>A name that the client may have, in a version that nobody knows.</summary>
    protected const string Unknown = "?";

    private readonly List<Sent> _unanswered = [];
    private readonly Dictionary<string, long> _forgottenAt = [];
    private readonly Dictionary<string, Verdict> _verdicts = [];

    // What may be needed anew: the server need not count on what was accepted of it before, up to this response.
    private readonly Dictionary<string, long> _doubted = [];
    private long _lastSent;

    private sealed record Sent(long Nonce, Dictionary<string, string> Resources, HashSet<string> Fresh, HashSet<string> Removed);

    /// <param name="IsSure">Whether it is known to be rejected; else it is on trial with others, or was rejected before something changed.</param>
    private sealed record Verdict(string Version, bool IsSure);

    public TypeRules Rules => rules;

    public Wishes Wishes { get; } = new(rules.LegacyWildcard);

    /// <summary>What is published, name to version; null before anything is.</summary>
    public IReadOnlyDictionary<string, string>? There { get; private set; }

    /// <summary>The number of the last response, 0 before the first.</summary>
    public long LastSent => _lastSent;

    /// <summary>What the client has been told, once it has read all that was written.</summary>
    protected Dictionary<string, string> Told { get; } = [];

    /// <summary>The names that it was told of, or that something is known of.</summary>
    protected IEnumerable<string> Known => Told.Keys.Union(_verdicts.Keys);

    /// <summary>What may be said although it was said before: a rejection has made it uncertain.</summary>
    protected HashSet<string> Again { get; } = [];

    protected HashSet<string> AgainRemoved { get; } = [];

    /// <summary>What the client accepted last, for as long as it wants it and has not lost it.</summary>
    protected Dictionary<string, string> LastAccepted { get; } = [];

    /// <summary>A response must come even if there is nothing to say.</summary>
    protected bool OwesAnswer { get; set; }

    /// <summary>A rejection allows for one response more.</summary>
    protected bool HasCredit { get; set; }

    public bool Awaits(string nonce) => _unanswered.Exists(sent => $"{sent.Nonce}" == nonce);

    /// <summary>What the server still has to say.</summary>
    public abstract IEnumerable<Due> Due();

    protected abstract void Check(Response response);

    protected abstract void Note(Response response);

    public virtual void Publish(IReadOnlyDictionary<string, string> there, IReadOnlySet<string> neededByClusters)
    {
        There = there;
        foreach (var (name, verdict) in _verdicts.ToList())
        {
            // "Until something changes" (B17).
            _verdicts[name] = verdict with { IsSure = verdict.IsSure && there.GetValueOrDefault(name) == verdict.Version };
            HasCredit |= !there.ContainsKey(name);
        }
    }

    public void Take(Response response, long nonce)
    {
        Spec.Require(There is not null, "Nothing is published, and something was said.");
        var names = response.Resources.Select(r => r.Name).Concat(response.Removed).ToList();
        Spec.Require(names.Distinct().Count() == names.Count, "B7: a name twice in one response.");
        Spec.Require(response.Resources.All(r => r.TypeUrl == rules.TypeUrl), "B6: a resource of another type.");
        var fresh = response.Resources.Where(r => IsFresh(r.Name, r.Version)).Select(r => r.Name).ToHashSet();
        Check(response);
        Note(response);
        (OwesAnswer, HasCredit, _lastSent) = (false, false, nonce);
        _unanswered.Add(new(nonce, response.Resources.ToDictionary(r => r.Name, r => r.Version), fresh, [.. response.Removed]));
    }

    /// <summary>The client accepts or rejects a response (B16), in words that name these.</summary>
    public void Answer(string nonce, bool accepts, IReadOnlyCollection<string> named)
    {
        if (_unanswered.Find(s => $"{s.Nonce}" == nonce) is not { } sent)
        {
            return;
        }

        _unanswered.Remove(sent);
        if (accepts)
        {
            Accept(sent);
        }
        else
        {
            Reject(sent, named);
        }
    }

    /// <summary>A cluster has come that needs this: B55, "completed only when a new ClusterLoadAssignment response is supplied".</summary>
    public virtual void Warm(string name, bool must)
    {
        if (must && Effective.ContainsKey(name))
        {
            Forget(name);
            return;
        }

        if (_verdicts.TryGetValue(name, out var verdict))
        {
            _verdicts[name] = verdict with { IsSure = false };
        }

        _doubted[name] = _lastSent;
        if (!must)
        {
            Again.Add(name);
        }
        else if (Told.ContainsKey(name))
        {
            Told[name] = Unknown;
        }
    }

    /// <summary>What there is, for the client, as far as it wants it or not.</summary>
    protected virtual IReadOnlyDictionary<string, string> Effective => There!;

    /// <summary>Whether this client is known to reject what is published, or that is being found out.</summary>
    protected bool IsBlocked(string name) =>
        _verdicts.TryGetValue(name, out var verdict) && verdict.Version == Effective.GetValueOrDefault(name);

    /// <summary>Whether it is said again only lest the client lose what it has instead.</summary>
    public virtual bool IsSaidToBeKept(string name) => false;

    protected bool IsCondemned(string name) => IsBlocked(name) && _verdicts[name].IsSure;

    /// <summary>Whether there is something that it does not take in the version that is published.</summary>
    public bool RejectsSome => There is not null && _verdicts.Keys.Any(IsBlocked);

    public bool IsAnythingOnTrial => _verdicts.Values.Any(verdict => !verdict.IsSure);

    public bool IsFresh(string name, string version) =>
        Told.GetValueOrDefault(name) != version || LastAccepted.GetValueOrDefault(name) != version || Again.Contains(name);

    /// <summary>Whether the client is surely without this version.</summary>
    public bool IsNews(string name, string version) => Told.GetValueOrDefault(name) != version;

    /// <summary>What the client has or thinks of it no longer counts.</summary>
    protected void Forget(string name)
    {
        Told.Remove(name);
        Again.Remove(name);
        LastAccepted.Remove(name);
        _verdicts.Remove(name);
        _doubted.Remove(name);
        _forgottenAt[name] = _lastSent;
    }

    protected void ForgetUnwanted()
    {
        foreach (var name in Known.Where(name => !Wishes.Wants(name)).ToList())
        {
            Forget(name);
        }
    }

    /// <summary>A resource by itself: B11, B13, B17.</summary>
    protected void CheckResource(string name, string version)
    {
        Spec.Require(Wishes.Wants(name), $"B13: {name} was not asked for.");
        Spec.Require(Effective.ContainsKey(name), $"{name} is not published.");
        CheckVersion(name, version, mayStay: false);
        Spec.Require(IsNews(name, version) || Again.Contains(name), $"B11: {name} was said before, and nothing has changed.");
    }

    protected void CheckVersion(string name, string version, bool mayStay)
    {
        if (version == Effective[name])
        {
            Spec.Require(mayStay || !IsCondemned(name), $"B17: {name} was rejected in this version.");
        }
        else
        {
            // What it accepted last stays in force; of one that has just come back an older one may be known.
            var isLast = LastAccepted.TryGetValue(name, out var last) ? last == version : everAccepted.GetValueOrDefault(name)?.Contains(version) == true;
            Spec.Require(IsBlocked(name), $"{name} is not in the version that is published.");
            Spec.Require(isLast, $"{name} is rejected, and falls back to a version that is not the one accepted last.");
        }
    }

    protected void NoteResource(string name, string version)
    {
        Told[name] = version;
        Again.Remove(name);
        if (_verdicts.TryGetValue(name, out var verdict) && verdict.Version != version && version == Effective.GetValueOrDefault(name))
        {
            _verdicts.Remove(name);
        }
    }

    protected void NoteAccepted(string name, string version)
    {
        if (!everAccepted.TryGetValue(name, out var versions))
        {
            everAccepted[name] = versions = [];
        }

        versions.Add(version);
    }

    private void Accept(Sent sent)
    {
        // Nobody can tell that it passed over something that it had dropped meanwhile.
        foreach (var (name, version) in sent.Resources)
        {
            NoteAccepted(name, version);
        }

        foreach (var (name, version) in sent.Resources.Where(r => sent.Nonce > _forgottenAt.GetValueOrDefault(r.Key)))
        {
            LastAccepted[name] = version;
            if (sent.Nonce > _doubted.GetValueOrDefault(name))
            {
                _doubted.Remove(name);
            }

            if (_verdicts.TryGetValue(name, out var verdict) && verdict.Version == version)
            {
                _verdicts.Remove(name);
            }
        }
    }

    // One that is named alone, or is alone, is at fault. Else nobody can know (the server may look for it), and each of
    // them may be said again once.
    private void Reject(Sent sent, IReadOnlyCollection<string> named)
    {
        HasCredit = true;
        // What is said instead of something rejected, be that published still or gone, was accepted once.
        bool IsFallback(string name) => _verdicts.TryGetValue(name, out var verdict) && verdict.Version != sent.Resources[name]
            && Effective.GetValueOrDefault(name, verdict.Version) == verdict.Version;
        bool IsNewest(string name) => sent.Nonce > _forgottenAt.GetValueOrDefault(name)
            && Told.GetValueOrDefault(name) == sent.Resources[name] && !IsOnTheWay(name);
        bool IsOnTheWay(string name) => _unanswered.Exists(s => s.Resources.ContainsKey(name));
        // It may have accepted another version since it was sent.
        sent.Fresh.UnionWith(sent.Resources.Keys.Where(name => LastAccepted.GetValueOrDefault(name) != sent.Resources[name]));
        var unproven = sent.Fresh
            .Where(name => !IsFallback(name) && (_doubted.ContainsKey(name) || LastAccepted.GetValueOrDefault(name) != sent.Resources[name]))
            .ToList();
        var suspects = unproven.Where(IsNewest).ToList();
        var guilty = suspects.Intersect(named).ToList() is [var one] ? one
            : suspects.Count == 1 && unproven.Count == 1 && !named.Any(sent.Resources.ContainsKey) ? suspects[0] : null;
        // Of what has gone out of date meanwhile the server may not count on the rest.
        var isSure = named.Contains(guilty) || !sent.Resources.Keys.Any(IsOnTheWay);
        Again.UnionWith(sent.Resources.Keys);
        AgainRemoved.UnionWith(sent.Removed);
        foreach (var name in suspects)
        {
            _verdicts[name] = new(sent.Resources[name], name == guilty && isSure);
            Told[name] = name == guilty ? LastAccepted.GetValueOrDefault(name, Unknown) : Unknown;
        }
    }
}
