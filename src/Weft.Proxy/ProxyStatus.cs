using System.Collections.Immutable;
using System.Net;
using Weft.Xds.Client;

namespace Weft.Proxy;

/// <summary>The state of a proxy at one moment.</summary>
/// <param name="Ready">Whether it has ever had a complete configuration in use; never goes back.</param>
/// <param name="Listeners">The listeners in use, by name.</param>
/// <param name="Clusters">How many clusters are in use.</param>
/// <param name="WarmingClusters">Clusters that wait for their endpoints.</param>
/// <param name="WarmingListeners">Listeners that wait for their routes.</param>
/// <param name="Xds">What the control plane told; <see cref="XdsClientSnapshot.Connected"/> among it.</param>
public sealed record ProxyStatus(
    bool Ready,
    ImmutableArray<ListenerStatus> Listeners,
    int Clusters,
    ImmutableSortedSet<string> WarmingClusters,
    ImmutableSortedSet<string> WarmingListeners,
    XdsClientSnapshot Xds)
{
    /// <summary>Whether the control plane is there.</summary>
    public bool Connected => Xds.Connected;

    /// <summary>Where the control plane wants spans to go; null where it wants none.</summary>
    public TracingTarget? Tracing { get; init; }
}

/// <summary>
/// Where the spans of the activity source <c>Weft.Proxy</c> are to go, by OTLP over gRPC without TLS.
/// </summary>
/// <param name="ServiceName">The resource's <c>service.name</c>.</param>
/// <param name="Collector">The collector's address.</param>
public sealed record TracingTarget(string ServiceName, IPEndPoint Collector);

/// <summary>A listener in use.</summary>
/// <param name="Address">The bound address; null where binding failed.</param>
/// <param name="Error">Why binding failed; it is tried again.</param>
public sealed record ListenerStatus(string Name, IPEndPoint? Address, string? Error);
