using System.Collections.Immutable;
using System.Globalization;
using Weft.Model;

namespace Weft.Translation;

/// <summary>All names under which clients of a namespace ask for a service port.</summary>
internal static class ServiceHosts
{
    // The port that a Host header without one means.
    private const int HttpPort = 80;

    /// <summary>
    /// <c>reviews</c> (within its namespace), <c>reviews.shop</c>, <c>reviews.shop.svc</c> and the full name, each with
    /// the port; and each without it, for the port that a bare name means: 80, or the first where there is no 80.
    /// </summary>
    public static ImmutableArray<string> Of(Service service, ServicePort port, string clientNamespace)
    {
        var name = service.Name;
        var hosts = new List<string> { name.Host, $"{name.Name}.{name.Namespace}.svc", $"{name.Name}.{name.Namespace}" };
        if (name.Namespace == clientNamespace)
        {
            hosts.Add(name.Name);
        }

        var withPort = hosts.Select(host => string.Create(CultureInfo.InvariantCulture, $"{host}:{port.Port}"));
        return port == BarePort(service) ? [.. hosts, .. withPort] : [.. withPort];
    }

    private static ServicePort BarePort(Service service) => service.PortOf(HttpPort) ?? service.Ports[0];
}
