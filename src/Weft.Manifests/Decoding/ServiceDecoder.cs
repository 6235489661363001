using System.Collections.Immutable;
using Weft.Manifests.Yaml;
using Weft.Model;

namespace Weft.Manifests.Decoding;

/// <summary>Reads a <c>Service</c> of Kubernetes.</summary>
internal static class ServiceDecoder
{
    public static ServiceConfig Decode(Head head, FieldReader spec)
    {
        // A headless service needs no ports (ServiceSpec.ports is optional for it); any other without ports is a slip.
        var headless = spec.Find("clusterIP") is ScalarNode { Text: "None" };
        var ports = Ports(spec);
        if (spec.Find("ports") is null or ListNode { Items.IsEmpty: true } && !headless)
        {
            spec.Missing("ports", "list the ports that clients call");
        }

        var selector = spec.Labels("selector");
        spec.Ignore(
            "allocateLoadBalancerNodePorts", "clusterIP", "clusterIPs", "externalIPs", "externalName",
            "externalTrafficPolicy", "healthCheckNodePort", "internalTrafficPolicy", "ipFamilies", "ipFamilyPolicy",
            "loadBalancerClass", "loadBalancerIP", "loadBalancerSourceRanges", "publishNotReadyAddresses",
            "sessionAffinity", "sessionAffinityConfig", "trafficDistribution", "type");
        spec.Close();
        return new(head.Name ?? default, ports, selector, head.Where);
    }

    private static ImmutableArray<ServicePortConfig> Ports(FieldReader spec)
    {
        var names = new HashSet<string>();
        var numbers = new HashSet<int>();
        var several = spec.Find("ports") is ListNode { Items.Length: > 1 };
        var ports = ImmutableArray.CreateBuilder<ServicePortConfig>();
        foreach (var entry in spec.Maps("ports"))
        {
            var port = Port(entry);
            ports.Add(port);
            if (several && entry.Find("name") is null)
            {
                entry.Missing("name", "a service of several ports names each of them");
            }
            else if (entry.Find("name") is { } name)
            {
                entry.Findings.CheckOnce(names, port.Name, name.Where, $"The port name {Excerpt.Of(port.Name)}");
            }

            if (port.Port != 0)
            {
                entry.Findings.CheckOnce(numbers, port.Port, entry.Find("port")!.Where, $"The port {port.Port}");
            }

            entry.Close();
        }

        return ports.ToImmutable();
    }

    private static ServicePortConfig Port(FieldReader entry)
    {
        if (entry.Find("port") is null)
        {
            entry.Missing("port");
        }

        var name = entry.PortName();
        var port = entry.Port("port") ?? 0;
        PortProtocol.CheckTcp(entry);
        entry.Ignore("nodePort");
        return new(name, port, Target(entry) ?? port, PortProtocol.Of(entry, name));
    }

    // A named target is resolved per pod by Kubernetes, whose slices carry the number; a workload knows its own port.
    private static int? Target(FieldReader entry) =>
        entry.Find("targetPort") switch
        {
            null => null,
            ScalarNode { IsText: true } text => TargetName(entry, text),
            _ => entry.Port("targetPort"),
        };

    private static int? TargetName(FieldReader entry, ScalarNode text)
    {
        if (!Syntax.IsPortName(text.Text))
        {
            entry.Findings.Error(
                "WEFT1101", text.Where, $"{entry.PathOf("targetPort")}: {Excerpt.Of(text.Text)} is no name of a port.",
                "write a number without quotes, or the name of a port");
        }

        return null;
    }
}
