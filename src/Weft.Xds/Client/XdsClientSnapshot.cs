using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Weft.Xds.Client;

/// <summary>What the client knows at one moment. It outlives the connection: the last good state stays.</summary>
/// <param name="Connected">Whether the stream of the moment has brought a response.</param>
/// <param name="LastError">Why the last stream ended or could not be opened; null while connected.</param>
/// <param name="Types">The state of each type the client speaks, by type URL.</param>
public sealed record XdsClientSnapshot(
    bool Connected, string? LastError, FrozenDictionary<string, XdsTypeSnapshot> Types)
{
    /// <summary>The state of one type.</summary>
    /// <param name="typeUrl">One of <see cref="TypeUrl.Cluster"/>, <see cref="TypeUrl.Endpoints"/>,
    /// <see cref="TypeUrl.Secret"/>, <see cref="TypeUrl.ExtensionConfig"/>, <see cref="TypeUrl.Listener"/> and <see cref="TypeUrl.Route"/>.</param>
    public XdsTypeSnapshot this[string typeUrl] => Types[typeUrl];
}

/// <summary>What the client knows of one type.</summary>
/// <param name="Resources">The accepted resources by name.</param>
/// <param name="Absent">Names asked for of which the server says that they do not exist.</param>
/// <param name="Rejected">The refused versions, by name, until a good version comes or the resource goes.</param>
/// <param name="Answered">Whether the server has ever sent a response of this type.</param>
/// <param name="ResponsesAccepted">How many responses were acknowledged.</param>
/// <param name="ResponsesRejected">How many responses were refused, in part or as a whole.</param>
/// <param name="LastNack">The text of the last refusal; null once a later response was acknowledged.</param>
public sealed record XdsTypeSnapshot(
    ImmutableDictionary<string, XdsResource> Resources,
    ImmutableHashSet<string> Absent,
    ImmutableDictionary<string, XdsRejection> Rejected,
    bool Answered,
    long ResponsesAccepted,
    long ResponsesRejected,
    string? LastNack)
{
    /// <summary>Nothing is known yet.</summary>
    public static XdsTypeSnapshot Empty { get; } = new(
        ImmutableDictionary<string, XdsResource>.Empty, [], ImmutableDictionary<string, XdsRejection>.Empty,
        Answered: false, ResponsesAccepted: 0, ResponsesRejected: 0, LastNack: null);
}
