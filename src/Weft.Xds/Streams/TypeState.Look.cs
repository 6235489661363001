using System.Collections.Immutable;

namespace Weft.Xds.Streams;

/// <summary>Where what the client has differs from what it is to have.</summary>
internal sealed partial class TypeState
{
    // How many resources are known apart before it is looked whether they need be.
    private const int ShareAt = 16;

    private int _shareAt = ShareAt;

    /// <summary>The next look looks at everything.</summary>
    public void Doubt() => (_seen, _doubtful) = (null, null);

    /// <summary>The next look looks at this name, too.</summary>
    public void Doubt(string name)
    {
        _doubtful?.Add(name);
        _lookIsDue = true;
    }

    /// <summary>Whether something became doubtful since the last look.</summary>
    public bool IsLookDue => _lookIsDue;

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
            foreach (var name in _doubtful is null ? [] : map.NamesSince(_seen))
            {
                _doubtful!.Add(name);
            }
        }

        (_seen, _lookIsDue) = (map, false);
        Forgive(map);
        return true;
    }

    // What it rejected, or was to be sent again, is published no more, and what it was sent instead is again.
    private void Forgive(ResourceMap map)
    {
        foreach (var held in Trial.HoldsSome ? Trial.AllHeld : [])
        {
            if (map.TryGet(held.Resource.Name, out var now) && now.Hash != held.Resource.Hash
                && _sent.TryGet(now.Name, out var sent) && sent.Resource?.Hash == now.Hash)
            {
                Trial.Forget(now.Name);
                ForgetError();
                if (held.IsUnsure && sent.Nonce > LastAnswered)
                {
                    // It may yet reject it with others.
                    Trial.Sent(now, now, sent.Nonce, sent.Second);
                }
            }
        }
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
            return LacksAll ? Subscription.Of(map) : [.. Lacking(map)];
        }

        // Nearly always one resource has changed.
        foreach (var name in _doubtful)
        {
            if (Subscription.Wants(name) && map.TryGet(name, out var resource) && Lack(resource) is { } lack)
            {
                return lack.Alone;
            }
        }

        return [];
    }

    /// <summary>Whether it lacks all that it wants: it is new.</summary>
    public bool LacksAll => _doubtful is null && _sent.Count == 0 && !Trial.HoldsSome;

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
            return _sent.Count > 0 && Gone(map).Any();
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
            return !Subscription.IsSatisfiedBy(map);
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

    /// <summary>All that the last whole had, as far as it has not been rejected since.</summary>
    public IEnumerable<XdsResource> Has(ResourceMap map) => _sent
        .Select(sent => sent.Value.Resource ?? (map.TryGet(sent.Key, out var resource) ? InForce(resource) : null))
        .OfType<XdsResource>()
        .OrderBy(resource => resource.Name, StringComparer.Ordinal);

    /// <summary>What it has and is not to have, for it is no longer there.</summary>
    public IEnumerable<string> Gone(ResourceMap map) =>
        (_doubtful?.Where(WasSent) ?? _sent.Names).Where(name => !map.Contains(name));

    /// <summary>
    /// What it asked for by name and neither has nor can have nor was told so; nothing where it is told so by errors.
    /// </summary>
    public IEnumerable<string> Missing(ResourceMap map) => ToldErrors is not null
        ? []
        : Absent(map).Where(name => !WasSent(name) && !ToldAbsent.Contains(name));

    /// <summary>What it asked for by name and cannot have.</summary>
    public IEnumerable<string> Absent(ResourceMap map) => NamesInDoubt.Where(name => !map.Contains(name));

    /// <summary>The names it asked for by which it may have something else than it is to have.</summary>
    public IEnumerable<string> NamesInDoubt => _doubtful?.Where(Subscription.IsNamed) ?? Subscription.Names;

    /// <summary>What it is to have of a resource and does not; null where it has it.</summary>
    public XdsResource? Lack(XdsResource resource) => Due(resource) is { } due && !IsCurrent(due) ? due : null;

    public bool IsCurrent(XdsResource resource) =>
        _sent.TryGet(resource.Name, out var delivered) && delivered.Resource is { } sent
        && (ReferenceEquals(sent, resource) || sent.Hash == resource.Hash);

    private IEnumerable<XdsResource> Wanted(ResourceMap map)
    {
        if (_doubtful is null)
        {
            return Subscription.Of(map);
        }

        return _doubtful.Where(Subscription.Wants).Select(name => map.TryGet(name, out var resource) ? resource : null).OfType<XdsResource>();
    }

    // What is to be sent of it by itself. What waits for its turn stays as it is with the client until then.
    private XdsResource? Due(XdsResource resource) =>
        !Trial.Holds(resource, out var held) ? resource : held.Error is null ? null : held.Former;

    // What a whole has of it. A client that has come back may have a version that is not known here, and would lose it.
    private XdsResource? InForce(XdsResource resource) =>
        Trial.Holds(resource, out var held) ? held.Former ?? (KeptSome ? resource : null) : resource;

    // Of a client that has followed a few changes and accepted all of them, nothing needs to be known apart.
    private void ShareAgain()
    {
        if (_sent.Own < _shareAt || _seen is not { } map || _doubtful is not { Count: 0 } || Outstanding || Trial.IsOn
            || Trial.HoldsSome || Trial.DoubtsSome || !Subscription.TryShare(out var names))
        {
            return;
        }

        if (HasExactly(map, names))
        {
            _sent.Share(map, names, _sent.Count, LastSent, _sent.LastSecond);
        }

        _shareAt = Math.Max(ShareAt, 2 * _sent.Own);
    }

    // Where it shares these names of a former map, only what is otherwise now needs to be looked at.
    private bool HasExactly(ResourceMap map, HashSet<string>? names)
    {
        if (_sent.SharedBy(names) is { } former)
        {
            foreach (var name in map.NamesSince(former))
            {
                if (!HasExactly(map, name))
                {
                    return false;
                }
            }

            foreach (var name in _sent.OwnNames)
            {
                if (!HasExactly(map, name))
                {
                    return false;
                }
            }

            return true;
        }

        var wanted = Subscription.Of(map);
        return wanted.Length == _sent.Count && wanted.All(IsCurrent);
    }

    private bool HasExactly(ResourceMap map, string name) =>
        Subscription.Wants(name) && map.TryGet(name, out var resource) ? IsCurrent(resource) : !WasSent(name);
}
