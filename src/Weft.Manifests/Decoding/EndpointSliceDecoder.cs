using System.Collections.Immutable;
using Weft.Manifests.Yaml;
using Weft.Model;

namespace Weft.Manifests.Decoding;

/// <summary>Reads an <c>EndpointSlice</c>, which has its fields beside <c>metadata</c> and no <c>spec</c>.</summary>
internal static class EndpointSliceDecoder
{
    private const string ServiceLabel = "kubernetes.io/service-name";

    public static EndpointSliceConfig Decode(Head head, FieldReader slice)
    {
        if (slice.OneOf("addressType", "IPv4", "IPv4", "IPv6", "FQDN") == "FQDN")
        {
            slice.Unsupported("addressType");
        }

        if (!head.Labels.TryGetValue(ServiceLabel, out var service))
        {
            slice.Missing(
                $"metadata.labels[{ServiceLabel}]", "the label names the service whose endpoints these are");
        }

        var ports = Ports(slice);
        var endpoints = slice.Maps("endpoints").Select(Endpoint).ToImmutableArray();
        return new(
            head.Name ?? default, new(head.Name?.Namespace ?? "", service ?? ""), ports, endpoints, head.Where);
    }

    private static ImmutableArray<SlicePortConfig> Ports(FieldReader slice)
    {
        var names = new HashSet<string>();
        var ports = ImmutableArray.CreateBuilder<SlicePortConfig>();
        foreach (var entry in slice.Maps("ports"))
        {
            if (entry.Find("port") is null)
            {
                entry.Missing("port");
            }

            var name = entry.PortName();
            ports.Add(new(name, entry.Port("port") ?? 0));
            entry.Findings.CheckOnce(names, name, entry.Where, $"The port name {Excerpt.Of(name)}");
            PortProtocol.CheckTcp(entry);
            // What the port speaks is the service's to say.
            entry.Ignore("appProtocol");
            entry.Close();
        }

        return ports.ToImmutable();
    }

    private static SliceEndpointConfig Endpoint(FieldReader entry)
    {
        var addresses = entry.Texts("addresses").Where(a => entry.Findings.CheckAddress(a))
            .Select(a => a.Text).ToImmutableArray();
        if (entry.Find("addresses") is null or ListNode { Items.IsEmpty: true })
        {
            entry.Missing("addresses");
        }

        var ready = true;
        if (entry.Map("conditions") is { } conditions)
        {
            // "A nil value should be interpreted as true" (EndpointConditions.ready).
            ready = conditions.Truth("ready") ?? true;
            conditions.Ignore("serving", "terminating");
            conditions.Close();
        }

        var zone = entry.Text("zone")?.Text ?? "";
        entry.Ignore("deprecatedTopology", "hints", "hostname", "nodeName", "targetRef");
        entry.Close();
        return new(addresses, ready, zone);
    }
}
