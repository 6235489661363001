using System.Globalization;
using Envoy.Config.Core.V3;
using Envoy.Config.Endpoint.V3;

namespace Weft.Preview;

/// <summary>An endpoint of an assignment.</summary>
internal sealed record EndpointFact(string Address, bool IsReady, uint Weight, string Zone);

/// <summary>The endpoints of an assignment.</summary>
internal static class Endpoints
{
    public static IEnumerable<EndpointFact> Of(ClusterLoadAssignment assignment) =>
        assignment.Endpoints.SelectMany(zone => zone.LbEndpoints.Select(endpoint => new EndpointFact(
            AddressOf(endpoint.Endpoint?.Address), IsReady(endpoint), endpoint.LoadBalancingWeight ?? 0,
            zone.Locality?.Zone ?? "")));

    public static string AddressOf(Address? address) => address switch
    {
        { SocketAddress: { } socket } when socket.NamedPort.Length > 0 => Words.Shown($"{socket.Address}:{socket.NamedPort}"),
        { SocketAddress: { } socket } => Words.Shown(string.Create(
            CultureInfo.InvariantCulture, $"{(socket.Address.Contains(':') ? $"[{socket.Address}]" : socket.Address)}:{socket.PortValue}")),
        { Pipe: { } pipe } => Words.Shown(pipe.Path),
        _ => "(no address)",
    };

    // "UNKNOWN: the health status is not known. This is interpreted by Envoy as HEALTHY."
    private static bool IsReady(LbEndpoint endpoint) =>
        endpoint.HealthStatus is HealthStatus.Unknown or HealthStatus.Healthy or HealthStatus.Degraded;
}
