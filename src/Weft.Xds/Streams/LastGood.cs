using System.Collections.Concurrent;

namespace Weft.Xds.Streams;

/// <summary>
/// What clients of one group had accepted of a resource before they rejected its newest version: for those that reject
/// it, too, and have nothing of their own to fall back on, such as one that has just started. Nobody is judged by another
/// one's verdict: a client that accepts the newest version is given it. Safe for any number of threads.
/// </summary>
internal sealed class LastGood
{
    // Older versions are held in memory only for this; to forget one costs a client its fallback and nothing else.
    private const int Most = 10_000;

    private readonly ConcurrentDictionary<(string Group, string TypeUrl, string Name), Fallback> _good;
    private readonly string _group;

    private LastGood(string group, ConcurrentDictionary<(string Group, string TypeUrl, string Name), Fallback> good) =>
        (_group, _good) = (group, good);

    /// <summary>Of all groups, nothing is known yet.</summary>
    public static LastGood Nothing() => new("", new());

    /// <summary>The same for another group.</summary>
    public LastGood Of(string group) => new(group, _good);

    /// <summary>A client has rejected a version and keeps the one that it had accepted before.</summary>
    public void Note(XdsResource rejected, XdsResource good)
    {
        if (_good.Count >= Most)
        {
            _good.Clear();
        }

        _good[(_group, rejected.TypeUrl, rejected.Name)] = new(rejected, good);
    }

    /// <summary>What a client may be given instead of a version that it rejected; null where nothing is known.</summary>
    public XdsResource? InsteadOf(XdsResource rejected) =>
        _good.TryGetValue((_group, rejected.TypeUrl, rejected.Name), out var known) && known.Rejected.Hash == rejected.Hash
            ? known.Good
            : null;

    private sealed record Fallback(XdsResource Rejected, XdsResource Good);
}
