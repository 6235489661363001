using System.Collections.Immutable;
using System.Net;

namespace Weft.Proxy.Upstream;

/// <summary>One address of a service.</summary>
/// <param name="Origin">Scheme, host and port, as requests to it are addressed.</param>
/// <param name="Weight">At least 1.</param>
/// <param name="LocalityWeight">The share of its locality; 0 where the locality has none.</param>
/// <param name="Locality">The number of its locality in the set.</param>
/// <param name="Priority">0 is preferred.</param>
internal sealed record Endpoint(
    IPEndPoint Address, string Origin, uint Weight, uint LocalityWeight, int Locality, uint Priority, bool Healthy);

/// <summary>The endpoints of a cluster, also those that get no traffic.</summary>
internal sealed record EndpointSet(ImmutableArray<Endpoint> Endpoints)
{
    public static EndpointSet Empty { get; } = new([]);

    public int HealthyCount => Endpoints.Count(e => e.Healthy);
}
