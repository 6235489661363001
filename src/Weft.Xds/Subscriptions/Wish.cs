namespace Weft.Xds.Subscriptions;

/// <summary>What a request asks for.</summary>
internal readonly record struct Wish(bool All, HashSet<string> Names)
{
    public bool Wants(string name) => All || Names.Contains(name);

    /// <summary>What both ask for.</summary>
    public Wish And(Wish other) =>
        All ? other : other.All ? this : new(false, [.. Names.Where(other.Names.Contains)]);
}
