using System.Collections.Immutable;
using System.Net;

namespace Weft.Proxy.Upstream;

/// <summary>One address of a service.</summary>
/// <param name="Origin">Scheme, host and port, as requests to it are addressed.</param>
/// <param name="Weight">At least 1.</param>
/// <param name="LocalityWeight">The share of its locality; 0 where the locality has none.</param>
/// <param name="Locality">The number of its locality in the set.</param>
/// <param name="Priority">0 is preferred.</param>
/// <param name="Healthy">What the control plane says.</param>
internal sealed record Endpoint(
    IPEndPoint Address, string Origin, uint Weight, uint LocalityWeight, int Locality, uint Priority, bool Healthy)
{
    /// <summary>What the proxy itself knows of it.</summary>
    public EndpointState State { get; init; } = new();

    /// <summary>Whether it gets traffic when there are enough like it.</summary>
    public bool IsUsable => Healthy && !State.Ejected && !State.Failing;

    public bool Equals(Endpoint? other) =>
        other is not null && Address.Equals(other.Address) && Weight == other.Weight
        && LocalityWeight == other.LocalityWeight && Locality == other.Locality && Priority == other.Priority
        && Healthy == other.Healthy;

    public override int GetHashCode() => Address.GetHashCode();
}

/// <summary>The endpoints of a cluster, also those that get no traffic.</summary>
internal sealed record EndpointSet(ImmutableArray<Endpoint> Endpoints)
{
    public static EndpointSet Empty { get; } = new([]);

    public int HealthyCount => Endpoints.Count(e => e.IsUsable);
}
