using System.Collections.Immutable;

namespace Weft.Xds.Streams;

/// <summary>
/// Configurations of filters that are no longer there and that a client keeps, since listeners that it has name them. It
/// drops a configuration the moment that it is told (envoyproxy/envoy#32823), and the listener with it, or its traffic.
/// Plain mutable state with a single owner, the stream's machine.
/// </summary>
internal sealed class ExtensionsInUse
{
    private HashSet<string>? _kept;

    /// <summary>Those of <paramref name="gone"/> that no listener names; the others are kept.</summary>
    /// <param name="listeners">What the client has accepted, or has been given time to; null where it has none by this stream.</param>
    public ImmutableArray<string> Unused(IEnumerable<string> gone, TypeState? listeners)
    {
        var named = listeners?.SentResources.SelectMany(l => l.ExtensionConfigs).ToHashSet(StringComparer.Ordinal) ?? [];
        var split = gone.ToLookup(named.Contains);
        _kept = split[true].Any() ? split[true].ToHashSet(StringComparer.Ordinal) : null;
        return [.. split[false]];
    }

    /// <summary>Listeners were sent: what was kept may go once the client has accepted them.</summary>
    public void LookAgain(TypeState? extensions)
    {
        if (extensions is null || _kept is null)
        {
            return;
        }

        foreach (var name in _kept)
        {
            extensions.Doubt(name);
            extensions.HasStale = true;
        }
    }
}
