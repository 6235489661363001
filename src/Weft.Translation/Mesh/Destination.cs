using System.Collections.Immutable;
using Envoy.Config.Cluster.V3;
using Envoy.Config.Endpoint.V3;
using Google.Protobuf;
using Weft.Model;

namespace Weft.Translation;

/// <summary>A service as a place to send to.</summary>
/// <param name="Ports">In order of port number.</param>
public sealed record Destination(ImmutableArray<PortDestination> Ports)
{
    /// <summary>All its messages.</summary>
    public IEnumerable<IMessage> Messages => Ports.SelectMany(IEnumerable<IMessage> (p) => [p.Cluster, p.Assignment]);

    internal static Destination Of(Service service, Destination? former) =>
        new([.. service.Ports.Select(port => PortDestination.Of(service, port, former?.Ports.FirstOrDefault(p => p.Port.Port == port.Port)))]);
}

/// <summary>A service port as a place to send to: its cluster, and the assignment of endpoints to it.</summary>
/// <param name="Port">What both are made of.</param>
public sealed record PortDestination(ServicePort Port, Cluster Cluster, ClusterLoadAssignment Assignment)
{
    internal static PortDestination Of(Service service, ServicePort port, PortDestination? former) => new(
        port,
        former is not null && (former.Port.Protocol, former.Port.Policy) == (port.Protocol, port.Policy)
            ? former.Cluster
            : Clusters.Outbound(service, port),
        former is not null && former.Port.Endpoints == port.Endpoints ? former.Assignment : Clusters.Endpoints(service, port));
}
