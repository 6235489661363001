using System.Collections.Immutable;
using Weft.Manifests.Yaml;
using Weft.Model;

namespace Weft.Manifests.Decoding;

/// <summary>
/// Reads an <c>HTTPRoute</c> or <c>GRPCRoute</c> of the Gateway API. What the API allows and we do not do is an error: a
/// condition left out would send requests where they must not go.
/// </summary>
internal static class RouteDecoder
{
    public static RouteConfig Decode(RouteKind kind, Head head, FieldReader spec)
    {
        var parents = Parents(head, spec);
        var rules = Rules(kind, head, spec);
        var hosts = Hosts(spec);
        if (hosts.Length > 0 && !parents.IsEmpty && parents.All(p => !p.IsGateway))
        {
            // GEP-1294: hostnames have no meaning on a route whose parent is a service.
            spec.Findings.Warning(
                "WEFT1204", spec.Find("hostnames")!.Where, "spec.hostnames has no effect on routes of services.", "remove it");
        }

        spec.Unsupported("useDefaultGateways");
        spec.Close();
        return new(kind, head.Name ?? default, head.Created, parents, hosts, rules, head.Where);
    }

    private static ImmutableArray<RouteRuleConfig> Rules(RouteKind kind, Head head, FieldReader spec)
    {
        var field = spec.Find("rules");
        if (field is not (null or ListNode { Items.IsEmpty: true }))
        {
            return [.. spec.Maps("rules").Select((rule, i) => RuleDecoder.Decode(kind, head, rule, i))];
        }

        if (field is null && spec.Misspells("rules"))
        {
            // A slip of the pen must not send all requests into nothing.
            spec.Missing("rules", "say where the requests go");
            return [];
        }

        if (kind == RouteKind.Grpc)
        {
            // GRPCRouteSpec.rules: optional, without a default and without a least number.
            spec.Findings.Warning(
                "WEFT1207", spec.Where, "spec.rules is missing: the route fits no call.", "say where the calls go");
            return [];
        }

        if (field is not null)
        {
            // HTTPRouteSpec.rules: "MinItems=1".
            spec.Missing("rules", "say where the requests go");
            return [];
        }

        // HTTPRouteSpec.rules: "default={{matches: {{path: {type: "PathPrefix", value: "/"}}}}}".
        return [RouteRuleConfig.Default];
    }

    private static ImmutableArray<string> Hosts(FieldReader spec)
    {
        var hosts = spec.Texts("hostnames").ToArray();
        foreach (var host in hosts.Where(h => !Syntax.IsHost(h.Text)))
        {
            spec.Findings.Error(
                "WEFT1101", host.Where, $"{Excerpt.Of(host.Text)} is no host name.",
                "write a DNS name without a port; its first label may be *");
        }

        return [.. hosts.Select(h => h.Text)];
    }

    private static ImmutableArray<ParentRefConfig> Parents(Head head, FieldReader spec)
    {
        if (spec.Find("parentRefs") is null or ListNode { Items.IsEmpty: true })
        {
            // The API leaves it open; such a route waits for its parent.
            spec.Findings.Warning(
                "WEFT1205", spec.Where, "spec.parentRefs is missing: the route has no effect.",
                "name the gateways or services whose requests it routes");
        }

        return [.. spec.Maps("parentRefs").Select(parent => Parent(head, parent)).OfType<ParentRefConfig>()];
    }

    private static ParentRefConfig? Parent(Head head, FieldReader parent)
    {
        // "Group defaults to gateway.networking.k8s.io, kind to Gateway" (ParentReference).
        var group = parent.Find("group") is null ? Gateways.Group : parent.Text("group")?.Text;
        var kind = parent.Find("kind") is null ? "Gateway" : parent.Text("kind")?.Text;
        if (group is null || kind is null)
        {
            return null;
        }

        var isGateway = group == Gateways.Group && kind == "Gateway";
        if (!isGateway && !(group.Length == 0 && kind == "Service"))
        {
            parent.Findings.Info(
                "WEFT1202", parent.Where,
                $"The parent is {Excerpt.Of(kind)} of {Excerpt.Of(group)}, which is passed over: only gateways and services count.",
                "for a service write group: \"\" and kind: Service");
            return null;
        }

        var reference = References.Name(head, parent, isLabel: !isGateway);
        var section = parent.Subdomain("sectionName");
        var port = parent.Port("port");
        parent.Close();
        return new(isGateway, reference ?? default, port, section, parent.Where);
    }
}
