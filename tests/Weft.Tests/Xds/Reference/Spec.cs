using System.Diagnostics.CodeAnalysis;

namespace Weft.Tests.Xds.Reference;

/// <summary>The specification is broken.</summary>
internal sealed class SpecException(string message) : Exception(message);

/// <summary>Something that the server has yet to say.</summary>
/// <param name="MayWait">Whether it may wait for other types: make before break (B58).</param>
/// <param name="IsRemoval">Whether it takes something away that the client may use.</param>
internal sealed record Due(string What, bool MayWait, bool IsRemoval = false);

/// <summary>What the specification says of a type.</summary>
/// <param name="IsAggregated">Whether the stream has other types, too.</param>
internal sealed record TypeRules(string TypeUrl, bool IsAggregated)
{
    /// <summary>S25: an empty first request asks for everything.</summary>
    public bool LegacyWildcard => TypeUrl is Weft.Xds.TypeUrl.Cluster or Weft.Xds.TypeUrl.Listener;

    /// <summary>S27: state of the world says everything each time, and what is missing is deleted.</summary>
    public bool IsWhole => TypeUrl is Weft.Xds.TypeUrl.Cluster or Weft.Xds.TypeUrl.Listener;

    /// <summary>B58: listeners and routes wait for the clusters that they use.</summary>
    public bool NewsMayWait => IsAggregated && TypeUrl is Weft.Xds.TypeUrl.Listener or Weft.Xds.TypeUrl.Route;

    /// <summary>B58: what is to go waits for those who may use it. A listener's removal need not.</summary>
    public bool RemovalsMayWait => IsAggregated;

    /// <summary>D49: said anew on each stream, whatever the client says it has.</summary>
    public bool IsAlwaysSaidAnew => TypeUrl is Weft.Xds.TypeUrl.Endpoints or Weft.Xds.TypeUrl.Secret;
}

internal static class Spec
{
    public static void Require([DoesNotReturnIf(false)] bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new SpecException(otherwise);
        }
    }
}
