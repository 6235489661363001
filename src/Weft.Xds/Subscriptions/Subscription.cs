using System.Collections.Immutable;
using Weft.Flow;

namespace Weft.Xds.Subscriptions;

/// <summary>
/// What one client wants of one type on one stream. Pure; owned by the stream's machine. Quotations are from Envoy's
/// xds_protocol.rst, "How the client specifies what resources to return" and "Incremental xDS".
/// </summary>
/// <param name="legacyWildcard">
/// Whether an empty first request means everything. "The Listener and Cluster resource types" have this rule; for
/// other types an empty first request subscribes to nothing.
/// </param>
/// <param name="hasWildcard">Whether <c>*</c> means anything.</param>
internal sealed class Subscription(bool legacyWildcard, bool hasWildcard = true)
{
    public const string Star = "*";

    private HashSet<string> _names = NameSet.None.Distinct;

    // Whether others hold the same names: then they are copied before they change.
    private bool _areShared = true;
    private bool _everNamed;

    // State of the world: null where the last request was heard.
    private (Wish Last, Wish Kept)? _overheard;

    /// <summary>Whether all resources of the type are wanted, now and later.</summary>
    public bool Wildcard { get; private set; }

    /// <summary>The names asked for one by one.</summary>
    public IReadOnlyCollection<string> Names => _names;

    /// <summary>How many characters <see cref="Names"/> have.</summary>
    public long Characters { get; private set; }

    /// <summary>State of the world: what the last request wanted, be it heard or not.</summary>
    public Wish Last => _overheard?.Last ?? new(Wildcard, _names);

    /// <summary>
    /// State of the world: what was wanted all along since the last request that was heard. What is not in it the client
    /// has dropped, though it may want it again.
    /// </summary>
    public Wish Kept => _overheard?.Kept ?? new(Wildcard, _names);

    public bool Wants(string name) => Wildcard || _names.Contains(name);

    public bool IsNamed(string name) => _names.Contains(name);

    /// <summary>State of the world: takes note of the names in a request that is passed over otherwise.</summary>
    /// <param name="kept">What was wanted all along until then.</param>
    public void Overhear(IReadOnlyCollection<string> names, Wish kept)
    {
        var distinct = (names as NameSet)?.Distinct ?? new(names, StringComparer.Ordinal);
        var last = new Wish(MeansAll(distinct), distinct);
        _overheard = (last, kept.And(last));
        _everNamed |= names.Count > 0;
    }

    /// <summary>State of the world: the request's names replace all that was asked before.</summary>
    /// <returns>The names that are asked now and were not asked, by name, before.</returns>
    public IReadOnlyCollection<string> Replace(IReadOnlyCollection<string> names)
    {
        var before = _names;
        _overheard = null;
        (_names, _areShared) = names is NameSet same ? (same.Distinct, true) : (new(names, StringComparer.Ordinal), false);
        Characters = names is NameSet known ? known.Characters : _names.Sum(static name => (long)name.Length);
        Wildcard = MeansAll(_names);
        _everNamed |= names.Count > 0;
        if (_names.Contains(Star))
        {
            Own().Remove(Star);
            Characters -= Star.Length;
        }

        return before.Count == 0 ? _names : [.. _names.Where(name => !before.Contains(name))];
    }

    // "If the client sends a request with no names and has sent none on this stream for this type, the server should
    // treat that as wildcard"; after any name, an empty list "unsubscribes from all".
    private bool MeansAll(HashSet<string> names) =>
        names.Count == 0 ? legacyWildcard && !_everNamed : hasWildcard && names.Contains(Star);

    /// <summary>Delta: the first request of the type with neither list means everything, where the type has that rule.</summary>
    public void StartDelta(bool subscribesNothing, bool unsubscribesNothing)
    {
        if (legacyWildcard && subscribesNothing && unsubscribesNothing)
        {
            Wildcard = true;
        }
    }

    public void Add(string name)
    {
        if (name == Star)
        {
            Wildcard = hasWildcard;
        }
        else if (!_names.Contains(name))
        {
            Own().Add(name);
            Characters += name.Length;
        }
    }

    /// <summary>Delta: asks for all of these; those who ask for nothing else share them.</summary>
    public void Add(IReadOnlyCollection<string> names)
    {
        if (_names.Count == 0 && names is NameSet same && !same.Distinct.Contains(Star))
        {
            (_names, _areShared, Characters) = (same.Distinct, true, same.Characters);
            return;
        }

        foreach (var name in names)
        {
            Add(name);
        }
    }

    /// <summary>Delta: no longer wants the name. An unknown name is passed over.</summary>
    /// <returns>Whether it was wanted by this name.</returns>
    public bool Remove(string name)
    {
        if (name != Star)
        {
            var removed = _names.Contains(name) && Own().Remove(name);
            Characters -= removed ? name.Length : 0;
            return removed;
        }

        var was = Wildcard;
        Wildcard = false;
        return was;
    }

    /// <summary>Says what is wanted in a way that stays true, for nobody changes it any more; false where it may change.</summary>
    /// <param name="names">The names; null where everything is wanted.</param>
    public bool TryShare(out HashSet<string>? names)
    {
        names = Wildcard ? null : _names;
        return Wildcard || _areShared;
    }

    private HashSet<string> Own()
    {
        if (_areShared)
        {
            (_names, _areShared) = (new(_names, StringComparer.Ordinal), false);
        }

        return _names;
    }

    /// <summary>The resources of <paramref name="map"/> that are wanted.</summary>
    public ImmutableArray<XdsResource> Of(ResourceMap map) => Wildcard ? map.All : Chosen(map).Resources;

    /// <summary>The sum of the hashes of the resources of <paramref name="map"/> that are wanted.</summary>
    public ContentHash HashOf(ResourceMap map) => Wildcard ? map.Hash : Chosen(map).Hash;

    /// <summary>Whether <paramref name="map"/> has something for each of the names.</summary>
    public bool IsSatisfiedBy(ResourceMap map) => _names.Count == 0 || Chosen(map).IsComplete;

    // What many ask for is looked up once.
    private Choice Chosen(ResourceMap map) => _areShared
        ? map.Of(_names)
        : new(_names, map.Find(_names));
}
