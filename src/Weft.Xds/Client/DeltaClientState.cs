using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Weft.Xds.Client;

/// <summary>What a <see cref="DeltaClient"/> moves through.</summary>
/// <param name="Types">One per type, in the order of CDS, EDS, SDS, ECDS, LDS, RDS, which is the order of requests.</param>
internal sealed record DeltaClientState(bool Connected, string? LastError, ImmutableArray<DeltaTypeState> Types)
{
    public static DeltaClientState Initial { get; } = new(
        Connected: false,
        LastError: null,
        [
            DeltaTypeState.Create(TypeUrl.Cluster, wildcard: true),
            DeltaTypeState.Create(TypeUrl.Endpoints, wildcard: false),
            DeltaTypeState.Create(TypeUrl.Secret, wildcard: false),
            DeltaTypeState.Create(TypeUrl.ExtensionConfig, wildcard: false),
            DeltaTypeState.Create(TypeUrl.Listener, wildcard: true),
            DeltaTypeState.Create(TypeUrl.Route, wildcard: false),
        ]);

    public XdsClientSnapshot ToSnapshot() =>
        new(Connected, LastError, Types.ToFrozenDictionary(t => t.TypeUrl, t => t.Known));
}

/// <summary>One type.</summary>
/// <param name="Wildcard">Whether everything is asked for; otherwise <paramref name="Names"/> are.</param>
/// <param name="Names">The names asked for: those that accepted resources refer to.</param>
/// <param name="Requested">Whether the first request of the type went out on this stream.</param>
/// <param name="Known">What the server told.</param>
internal sealed record DeltaTypeState(
    string TypeUrl, bool Wildcard, ImmutableHashSet<string> Names, bool Requested, XdsTypeSnapshot Known)
{
    public static DeltaTypeState Create(string typeUrl, bool wildcard) =>
        new(typeUrl, wildcard, [], Requested: false, XdsTypeSnapshot.Empty);

    public bool Wants(string name) => Wildcard || Names.Contains(name);
}
