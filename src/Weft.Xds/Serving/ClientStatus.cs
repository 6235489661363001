using System.Collections.Immutable;
using Envoy.Config.Core.V3;

namespace Weft.Xds;

/// <summary>How far a client is with one type.</summary>
public enum SyncState
{
    /// <summary>It has not asked for the type.</summary>
    Unrequested,

    /// <summary>It has accepted all that it is to have.</summary>
    Synced,

    /// <summary>Something is on its way to it, or waits to be sent.</summary>
    Pending,

    /// <summary>It has rejected something that it was sent, and nothing has replaced that.</summary>
    Rejected,
}

/// <summary>How far a client is with one type of resources.</summary>
/// <param name="TypeUrl">The type.</param>
/// <param name="State">How far it is.</param>
/// <param name="Version">The hash of all that it has been sent of the type.</param>
/// <param name="Resources">How many resources that is.</param>
/// <param name="Error">The client's own words where it rejected something.</param>
public sealed record TypeStatus(string TypeUrl, SyncState State, string Version, int Resources, string? Error);

/// <summary>A client of the server: a stream that is open, or was until lately.</summary>
/// <param name="Node">What the client says of itself in its first request.</param>
/// <param name="Peer">Its address.</param>
/// <param name="IsDelta">Whether it speaks the delta protocol.</param>
/// <param name="ConnectedAt">When the stream was opened.</param>
/// <param name="DisconnectedAt">When it ended; null while it is open.</param>
/// <param name="Types">The types it has asked for, in wire order.</param>
public sealed record ClientStatus(
    Node Node,
    string Peer,
    bool IsDelta,
    DateTimeOffset ConnectedAt,
    DateTimeOffset? DisconnectedAt,
    ImmutableArray<TypeStatus> Types)
{
    /// <summary>The group that its node is in; null before its first request.</summary>
    internal string? Group { get; init; }

    /// <summary>The set that <see cref="Types"/> speak of.</summary>
    internal ResourceSet? Seen { get; init; }

    /// <summary>Rejected if any type is, else pending if any is, else synced; unrequested before the first request.</summary>
    public SyncState State => Types.IsEmpty ? SyncState.Unrequested : Types.Max(t => t.State);
}
