using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Net;
using Envoy.Config.Core.V3;
using Envoy.Config.Endpoint.V3;
using Weft.Proxy.Upstream;
using Endpoint = Weft.Proxy.Upstream.Endpoint;
using SocketAddress = Envoy.Config.Core.V3.SocketAddress;

namespace Weft.Proxy.Config;

/// <summary>EDS: the addresses of a cluster.</summary>
internal static class EndpointDecoding
{
    private static readonly FrozenSet<string> AssignmentFields =
        FrozenSet.Create("cluster_name", "endpoints", "policy");

    private static readonly FrozenSet<string> PolicyFields = FrozenSet.Create("overprovisioning_factor");

    // Nothing here reads metadata, or is near to anything.
    private static readonly FrozenSet<string> LocalityFields = FrozenSet.Create(
        "locality", "lb_endpoints", "load_balancing_weight", "priority", "proximity", "metadata");

    private static readonly FrozenSet<string> EndpointFields = FrozenSet.Create(
        "endpoint", "health_status", "load_balancing_weight", "metadata");

    // The host name is for auto_host_rewrite, which is refused.
    private static readonly FrozenSet<string> PlaceFields = FrozenSet.Create("address", "hostname");

    // On "::" IPv4 is heard as well.
    private static readonly FrozenSet<string> SocketFields =
        FrozenSet.Create("protocol", "address", "port_value", "named_port", "ipv4_compat");

    public static EndpointSet Decode(ClusterLoadAssignment message, Refusals refusals)
    {
        refusals.AddUnknown(message, "load assignment", AssignmentFields);
        refusals.AddUnknown(message.Policy, "policy", PolicyFields);
        if (message.Policy?.OverprovisioningFactor is { } factor && factor != PriorityLoads.Overprovisioning)
        {
            refusals.Add("policy", "overprovisioning_factor other than 140 is not supported by Weft.Proxy");
        }

        var endpoints = ImmutableArray.CreateBuilder<Endpoint>();
        for (var i = 0; i < message.Endpoints.Count; i++)
        {
            var locality = message.Endpoints[i];
            refusals.AddUnknown(locality, $"endpoints[{i}]", LocalityFields);
            foreach (var endpoint in locality.LbEndpoints)
            {
                if (Decode(endpoint, locality, i, refusals) is { } decoded)
                {
                    endpoints.Add(decoded);
                }
            }
        }

        return new(endpoints.ToImmutable());
    }

    /// <summary>An address that can be connected or bound to: an IP address and a port.</summary>
    public static IPEndPoint? Address(Address? address, string where, Refusals refusals)
    {
        if (address?.SocketAddress is not { } socket)
        {
            refusals.Add(where, "only socket_address is supported by Weft.Proxy");
            return null;
        }

        refusals.AddUnknown(socket, where, SocketFields);
        if (!IPAddress.TryParse(socket.Address, out var ip))
        {
            refusals.Add(where, $"'{socket.Address}' is not an IP address");
            return null;
        }

        if (socket.Protocol != SocketAddress.Types.Protocol.Tcp
            || socket.PortSpecifierCase != SocketAddress.PortSpecifierOneofCase.PortValue
            || socket.PortValue > IPEndPoint.MaxPort)
        {
            refusals.Add(where, "only TCP ports from 0 to 65535 are supported");
            return null;
        }

        return new(ip, (int)socket.PortValue);
    }

    private static Endpoint? Decode(LbEndpoint message, LocalityLbEndpoints locality, int number, Refusals refusals)
    {
        var where = $"endpoints[{number}]";
        refusals.AddUnknown(message, where, EndpointFields);
        refusals.AddUnknown(message.Endpoint, where, PlaceFields);
        if (Address(message.Endpoint?.Address, where, refusals) is not { } address)
        {
            return null;
        }

        // "If set to UNKNOWN, treated as healthy"; DEGRADED ones take traffic too: the proxy has no second choice.
        var healthy = message.HealthStatus is HealthStatus.Unknown or HealthStatus.Healthy or HealthStatus.Degraded;
        return new(
            address,
            $"http://{address}",
            Math.Max(1, message.LoadBalancingWeight ?? 1),
            locality.LoadBalancingWeight ?? 0,
            number,
            locality.Priority,
            healthy);
    }
}
