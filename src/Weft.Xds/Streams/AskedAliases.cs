namespace Weft.Xds.Streams;

/// <summary>
/// What a delta client asked for by other names than the resources have: "Resources are identified by a resource name or
/// an alias" (xds_protocol.rst, "Resource names"). To the rest of the stream it is as if the client had asked by name;
/// only here, and in the answers, are the names that it knows. Plain mutable state with a single owner, the stream's
/// machine; a stream that asks by no alias has none of it.
/// </summary>
/// <remarks>
/// What an alias means is looked up when it is asked for and whenever the resources change:
/// <code>
///               is an alias of a resource               the resource is gone, and the client was told
///   [unknown] ────────────────────────────► [meaning N] ────────────────────────────────────────────► [unknown]
///                                              │  ▲
///                                              └──┘ is now an alias of another
/// </code>
/// An unknown one is a name in the subscription like any other that does not exist.
/// </remarks>
internal sealed class AskedAliases
{
    // An answer lists all that it is the answer to, and of what else the client calls the resource no more than this: a
    // client that asks for host after host of one virtual host would be told all of them each time.
    private const int MostOthers = 100;

    private readonly Dictionary<string, string> _meaning = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Asked> _byName = new(StringComparer.Ordinal);
    private ResourceMap? _seen;

    private sealed class Asked
    {
        public HashSet<string> Aliases { get; } = new(StringComparer.Ordinal);

        /// <summary>The aliases that the client waits for an answer to.</summary>
        public HashSet<string> Due { get; } = new(StringComparer.Ordinal);

        /// <summary>Whether the client has not asked by the name itself.</summary>
        public bool ByAliasOnly { get; set; }
    }

    public int Count => _meaning.Count;

    /// <summary>How many characters the aliases have together.</summary>
    public long Characters { get; private set; }

    /// <summary>Looks up what the client's names mean in <paramref name="map"/>.</summary>
    public static void Resolve(TypeState type, ResourceMap map)
    {
        var byHost = SendOrder.AskedByHost(type.TypeUrl);
        if (type.Aliases is null && !map.HasAliases && !byHost)
        {
            return;
        }

        type.Aliases?.Follow(type, map);
        // Of hosts any may be answered by what has changed.
        foreach (var asked in (byHost ? type.Subscription.Names : type.NamesInDoubt).ToList())
        {
            if (type.Aliases?.IsByAliasOnly(asked) != true && map.MeantBy(asked) is { } name)
            {
                (type.Aliases ??= new() { _seen = map }).Join(type, asked, name);
            }
        }
    }

    /// <summary>The client subscribes to this, perhaps again.</summary>
    public void Subscribe(TypeState type, string asked)
    {
        if (_meaning.TryGetValue(asked, out var name))
        {
            AskByAlias(type, asked);
            _byName[name].Due.Add(asked);
            SendAgain(type, name);
        }
        else if (IsByAliasOnly(asked) && _seen?.MeantBy(asked) is { } other)
        {
            Join(type, asked, other);
        }
        else
        {
            AskByName(type, asked);
        }
    }

    /// <summary>The client unsubscribes, by an alias or by a name: it may have asked by the other.</summary>
    /// <returns>Whether it is known here; else it is a name like any other.</returns>
    public bool Unsubscribe(TypeState type, string asked)
    {
        if (_meaning.TryGetValue(asked, out var name))
        {
            Part(type, asked, name);
        }
        else if (IsByAliasOnly(asked))
        {
            name = asked;
            foreach (var alias in _byName[name].Aliases.ToList())
            {
                Part(type, alias, name);
            }
        }
        else
        {
            // It asked by the name, and still asks by aliases.
            return TryAskByAlias(asked);
        }

        if (!type.Subscription.IsNamed(name))
        {
            type.Forget(name);
            if (type.Subscription.Wildcard)
            {
                // As of a name: the client is told whether the wildcard has it.
                type.OwedRemovals.Add(name);
                type.Doubt(name);
            }
        }

        return true;
    }

    /// <summary>The resource as it goes to this client, with the names that it asked by.</summary>
    public XdsResource InEnvelope(XdsResource resource)
    {
        if (!_byName.TryGetValue(resource.Name, out var asked))
        {
            return resource;
        }

        string[] aliases = [.. asked.Due, .. asked.Aliases.Where(alias => !asked.Due.Contains(alias)).Take(MostOthers)];
        asked.Due.Clear();
        return resource.AskedAs(aliases);
    }

    /// <summary>The client was told that this is gone: its aliases mean nothing, which it need not be told, too.</summary>
    public void Removed(TypeState type, string name)
    {
        foreach (var alias in _byName.TryGetValue(name, out var asked) ? asked.Aliases.ToArray() : [])
        {
            Part(type, alias, name);
            AskByName(type, alias);
            type.ToldAbsent.Add(alias);
        }
    }

    // The names that the client asked by and those that its aliases mean are in one subscription, and may be the same.
    private void AskByName(TypeState type, string name)
    {
        type.Subscription.Add(name);
        if (_byName.TryGetValue(name, out var asked))
        {
            asked.ByAliasOnly = false;
        }
    }

    private void AskByAlias(TypeState type, string alias)
    {
        if (!TryAskByAlias(alias))
        {
            type.Subscription.Remove(alias);
        }
    }

    private bool TryAskByAlias(string name)
    {
        var isMeant = _byName.TryGetValue(name, out var asked);
        if (isMeant)
        {
            asked!.ByAliasOnly = true;
        }

        return isMeant;
    }

    private bool IsByAliasOnly(string name) => _byName.TryGetValue(name, out var asked) && asked.ByAliasOnly;

    private void Follow(TypeState type, ResourceMap map)
    {
        if (ReferenceEquals(_seen, map))
        {
            return;
        }

        _seen = map;
        foreach (var (alias, name) in _meaning.ToList())
        {
            var now = map.MeantBy(alias);
            // What is gone stays what it meant until the client is told, which may have to wait.
            if (now == name || (now is null && type.WasSent(name) && !map.Contains(name)))
            {
                continue;
            }

            Part(type, alias, name);
            LetGo(type, map, name);
            if (now is not null)
            {
                Join(type, alias, now);
            }
            else
            {
                AskByName(type, alias);
                type.Doubt(alias);
            }
        }
    }

    // A virtual host that a client keeps without being told of its changes could have a domain that is another's by now,
    // and the client would reject that one.
    private static void LetGo(TypeState type, ResourceMap map, string name)
    {
        if (SendOrder.AskedByHost(type.TypeUrl) && !type.Subscription.Wants(name) && map.Contains(name) && type.Forget(name))
        {
            type.OwedRemovals.Add(name);
        }
    }

    private void Join(TypeState type, string alias, string name)
    {
        AskByAlias(type, alias);
        if (!_byName.TryGetValue(name, out var asked))
        {
            _byName[name] = asked = new() { ByAliasOnly = !type.Subscription.IsNamed(name) };
        }

        _meaning[alias] = name;
        Characters += alias.Length;
        asked.Aliases.Add(alias);
        asked.Due.Add(alias);
        type.Subscription.Add(name);
        type.ToldAbsent.Remove(alias);
        SendAgain(type, name);
    }

    private void Part(TypeState type, string alias, string name)
    {
        _meaning.Remove(alias);
        Characters -= alias.Length;
        var asked = _byName[name];
        asked.Aliases.Remove(alias);
        asked.Due.Remove(alias);
        if (asked.Aliases.Count > 0)
        {
            return;
        }

        _byName.Remove(name);
        if (asked.ByAliasOnly)
        {
            type.Subscription.Remove(name);
        }
    }

    // "The server must respond with all resources listed in resource_names_subscribe, even if it believes the client has
    // the most recent version of them" (discovery.proto).
    private static void SendAgain(TypeState type, string name)
    {
        type.Forget(name);
        type.Doubt(name);
    }
}
