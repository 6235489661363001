namespace Weft.Tests.Xds.Reference;

/// <summary>What a client wants of one type on one stream, word for word as the specification has it.</summary>
/// <param name="legacyWildcard">Whether an empty first request asks for everything: "Listener and Cluster" have that rule.</param>
internal sealed class Wishes(bool legacyWildcard)
{
    public const string Star = "*";

    private bool _everNamed;

    public bool Wildcard { get; private set; }

    public HashSet<string> Names { get; private set; } = [];

    public bool IsNothing => !Wildcard && Names.Count == 0;

    public bool Wants(string name) => Wildcard || Names.Contains(name);

    /// <summary>State of the world (S24, S25): the list replaces the one before; none, after any, is nothing.</summary>
    public void Replace(IReadOnlyCollection<string> names)
    {
        Wildcard = IsWildcard(names);
        Names = [.. names.Where(name => name != Star)];
        _everNamed |= names.Count > 0;
    }

    /// <summary>A list was sent, though nobody listened; tells what it wants.</summary>
    public Func<string, bool> Overhear(IReadOnlyCollection<string> names)
    {
        var wildcard = IsWildcard(names);
        _everNamed |= names.Count > 0;
        return name => wildcard || names.Contains(name);
    }

    private bool IsWildcard(IReadOnlyCollection<string> names) =>
        names.Count == 0 ? legacyWildcard && !_everNamed : names.Contains(Star);

    /// <summary>Delta (D36–D38): what comes is added, what goes is taken away; a first request without either is the wildcard.</summary>
    public void Change(bool first, IReadOnlyCollection<string> subscribe, IReadOnlyCollection<string> unsubscribe)
    {
        Wildcard |= first && legacyWildcard && subscribe.Count == 0 && unsubscribe.Count == 0;
        Wildcard = (Wildcard || subscribe.Contains(Star)) && !unsubscribe.Contains(Star);
        Names.UnionWith(subscribe.Where(name => name != Star));
        Names.ExceptWith(unsubscribe);
    }
}
