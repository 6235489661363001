using System.Collections.Immutable;
using Weft.Xds.Streams;

namespace Weft.Xds.Serving;

/// <summary>
/// Tells when a client is through its first synchronisation: it has answered for all that it asked for, and has asked
/// for what that makes it need. What it asks for later, as Envoy does for listeners once its clusters are warm, is an
/// update like any other.
/// </summary>
/// <param name="isAggregated">Whether what its resources need is asked for on the same stream.</param>
/// <param name="most">After this time of the stream nobody waits for it any more.</param>
/// <param name="settled">Told at most twice: that it needs more, that it does not.</param>
internal sealed class FirstSync(bool isAggregated, TimeSpan most, Action<bool> settled)
{
    private ResourceSet? _set;
    private bool _isThrough;
    private bool _hasSettled;

    /// <summary>Looks at a stream after a step of its machine.</summary>
    public void Look(StreamInput input, ImmutableArray<TypeState> types, TimeSpan now)
    {
        if (!_isThrough && now < most)
        {
            _set = (input as StreamInput.Published)?.Set ?? _set;
            Look(types);
        }
    }

    private void Look(ImmutableArray<TypeState> types)
    {
        if (_set is null || types.IsEmpty || types.Any(Delivery.IsPending))
        {
            return;
        }

        _isThrough = !isAggregated || types.All(type => HasAskedForNeeds(type, types, _set));
        if (_isThrough || !_hasSettled)
        {
            _hasSettled = true;
            settled(!_isThrough);
        }
    }

    private static bool HasAskedForNeeds(TypeState type, ImmutableArray<TypeState> types, ResourceSet set)
    {
        if (References.NeededType(type.TypeUrl) is not { } url)
        {
            return true;
        }

        var (needed, map) = (types.FirstOrDefault(t => t.TypeUrl == url), set.Of(url));
        foreach (var resource in type.SentResources)
        {
            foreach (var name in resource.Needs)
            {
                if (needed?.WasSent(name) != true && map.Contains(name))
                {
                    return false;
                }
            }
        }

        return true;
    }
}
