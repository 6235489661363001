using Weft.Xds;
using Weft.Xds.Streams;

namespace Weft.Tests.Xds.Reference;

/// <summary>What a client has of one type, and what it wants.</summary>
/// <param name="appliesTheGood">Whether it takes over what is good of a response that it rejects.</param>
internal sealed class Peer(TypeRules rules, bool delta, bool appliesTheGood)
{
    // Good versions that it rejected, for no reason.
    private readonly HashSet<string> _whims = [];

    public TypeRules Rules => rules;

    public Wishes Wishes { get; private set; } = new(rules.LegacyWildcard);

    /// <summary>State of the world: the list as it goes into requests.</summary>
    public IReadOnlyList<string> Names { get; private set; } = [];

    public bool Asked { get; private set; }

    /// <summary>State of the world: the nonce of the response that was read last.</summary>
    public string Nonce { get; private set; } = "";

    /// <summary>What it holds: name to version.</summary>
    public Dictionary<string, string> Held { get; } = [];

    /// <summary>The version that it accepted last, unless the name was gone since, or not wanted.</summary>
    public Dictionary<string, string> LastGood { get; } = [];

    public Dictionary<string, HashSet<string>> EverAccepted { get; } = [];

    public bool EverAcceptedAny { get; private set; }

    public void Want(IReadOnlyList<string> names)
    {
        (Asked, Names) = (true, names);
        Wishes.Replace(names);
        DropUnwanted();
    }

    public void Want(IReadOnlyList<string> subscribe, IReadOnlyList<string> unsubscribe)
    {
        Wishes.Change(!Asked, subscribe, unsubscribe);
        Asked = true;
        DropUnwanted();
    }

    /// <summary>It begins again, on a new stream, with what it has.</summary>
    public void Reconnect() => (Wishes, Asked, Nonce) = (new(rules.LegacyWildcard), false, "");

    /// <summary>Reads a response; returns the names that it rejects.</summary>
    /// <param name="there">What was published when it was written.</param>
    /// <param name="dropped">
    /// What was not wanted then or since. If it is wanted again by the wildcard of delta, it is passed over: nobody could
    /// tell the client that it is gone.
    /// </param>
    /// <param name="rejects">Whether it rejects a resource, and whether it may do so for no reason: not what it has, or accepted before.</param>
    public List<string> Read(Response response, ResourceMap there, HashSet<string> dropped, Func<XdsResource, bool, bool> rejects)
    {
        Nonce = response.Nonce;
        var isWhole = !delta && rules.IsWhole;
        var passesOver = delta ? dropped.Except(Wishes.Names).ToHashSet() : [];
        var mine = response.Resources.Where(r => Wishes.Wants(r.Name) && !passesOver.Contains(r.Name)).ToList();
        // It judges all of it, like gRPC's clients, be it wanted or not.
        var bad = response.Resources.Where(r => rejects(r, !HasAccepted(r) && Held.GetValueOrDefault(r.Name) != r.Version)).ToList();
        _whims.UnionWith(bad.Select(r => r.Version));
        var gone = isWhole ? Held.Keys.Except(response.Resources.Select(r => r.Name)).ToList() : [.. response.Removed];
        foreach (var name in gone.Where(name => !there.Contains(name) || dropped.Contains(name)))
        {
            LastGood.Remove(name);
        }

        if (bad.Count > 0 && !appliesTheGood)
        {
            return [.. bad.Select(r => r.Name)];
        }

        gone.ForEach(name => Held.Remove(name));

        foreach (var resource in mine.Except(bad))
        {
            Held[resource.Name] = resource.Version;
        }

        if (bad.Count == 0)
        {
            EverAcceptedAny = true;
            Array.ForEach([.. response.Resources], Accepted);
            // What it dropped and wants again the server had to forget.
            mine.Where(r => !dropped.Contains(r.Name)).ToList().ForEach(r => LastGood[r.Name] = r.Version);
        }

        return [.. bad.Select(r => r.Name)];
    }

    /// <summary>It has come back with something that the server did not give it on the stream before.</summary>
    public void Claim(XdsResource resource)
    {
        Held[resource.Name] = resource.Version;
        Accepted(resource);
    }

    /// <summary>Nothing is to come any more: it holds all that there is, and of what it rejects what it had.</summary>
    public void CheckRest(ResourceMap there, bool allIsTakenAway)
    {
        var type = TypeUrl.ShortName(rules.TypeUrl);
        foreach (var resource in there.All.Where(r => Wishes.Wants(r.Name)))
        {
            var held = Held.GetValueOrDefault(resource.Name);
            if (World.IsBad(resource) || _whims.Contains(resource.Version))
            {
                Spec.Require(
                    held is not null || !LastGood.ContainsKey(resource.Name), $"{type} {resource.Name} is lost: only its newest version is bad.");
            }
            else
            {
                Spec.Require(held == resource.Version, $"{type} {resource.Name} is not held in its newest version.");
            }
        }

        foreach (var name in Held.Keys.Where(name => !there.Contains(name) && allIsTakenAway))
        {
            Spec.Require(false, $"{type} {name} is held still, and is gone.");
        }
    }

    private bool HasAccepted(XdsResource resource) => EverAccepted.GetValueOrDefault(resource.Name)?.Contains(resource.Version) == true;

    private void Accepted(XdsResource resource)
    {
        if (!EverAccepted.TryGetValue(resource.Name, out var all))
        {
            EverAccepted[resource.Name] = all = [];
        }

        all.Add(resource.Version);
        _whims.Remove(resource.Version);
    }

    private void DropUnwanted()
    {
        foreach (var name in Held.Keys.Union(LastGood.Keys).Where(name => !Wishes.Wants(name)).ToList())
        {
            Held.Remove(name);
            LastGood.Remove(name);
        }
    }
}
