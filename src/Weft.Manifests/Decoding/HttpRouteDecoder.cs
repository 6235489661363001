using System.Collections.Immutable;
using Weft.Manifests.Yaml;
using Weft.Model;

namespace Weft.Manifests.Decoding;

/// <summary>
/// Reads an <c>HTTPRoute</c> of the Gateway API as a mesh route. What the API allows and we do not do yet is an
/// error: a condition left out would send requests where they must not go.
/// </summary>
internal static class HttpRouteDecoder
{
    public static HttpRouteConfig Decode(Head head, FieldReader spec)
    {
        var parents = Parents(head, spec);
        if (spec.Find("rules") is null or ListNode { Items.IsEmpty: true })
        {
            spec.Missing("rules", "say where the requests go");
        }

        var rules = spec.Maps("rules").Select(rule => Rule(head, rule)).ToImmutableArray();
        if (spec.Find("hostnames") is ListNode { Items.IsEmpty: false } hostnames && !parents.IsEmpty)
        {
            // GEP-1294: hostnames have no meaning on a route whose parent is a service.
            spec.Findings.Warning(
                "WEFT1204", hostnames.Where, "spec.hostnames has no effect on routes of services.", "remove it");
        }

        spec.Unsupported("useDefaultGateways");
        spec.Close();
        return new(head.Name ?? default, parents, rules, head.Where);
    }

    private static ImmutableArray<ParentRefConfig> Parents(Head head, FieldReader spec)
    {
        if (spec.Find("parentRefs") is null or ListNode { Items.IsEmpty: true })
        {
            spec.Missing("parentRefs", "name the services whose requests it routes");
        }

        return [.. spec.Maps("parentRefs").Select(parent => Parent(head, parent)).OfType<ParentRefConfig>()];
    }

    private static ParentRefConfig? Parent(Head head, FieldReader parent)
    {
        // "Group defaults to gateway.networking.k8s.io, kind to Gateway" (ParentReference).
        var group = parent.Find("group") is null ? "gateway.networking.k8s.io" : parent.Text("group")?.Text;
        var kind = parent.Find("kind") is null ? "Gateway" : parent.Text("kind")?.Text;
        if (group is null || kind is null)
        {
            return null;
        }

        if (group.Length > 0 || kind != "Service")
        {
            parent.Findings.Info(
                "WEFT1202", parent.Where,
                $"The parent is {Excerpt.Of(kind)} of {Excerpt.Of(group)}, which is passed over: only services count.",
                "for a service write group: \"\" and kind: Service");
            return null;
        }

        var reference = ServiceRef(head, parent);
        if (reference?.Namespace != head.Name?.Namespace && parent.Find("namespace") is { } other)
        {
            parent.Findings.Error(
                "WEFT1201", other.Where,
                $"{parent.PathOf("namespace")} is not the route's namespace: consumer routes are not supported yet.",
                "put the route into the namespace of the service");
        }

        parent.Unsupported("sectionName");
        var port = parent.Port("port");
        parent.Close();
        return new(reference ?? default, port, parent.Where);
    }

    /// <summary>The service that a reference names, in the route's namespace unless it says another.</summary>
    private static ObjectName? ServiceRef(Head head, FieldReader reference)
    {
        if (reference.Find("name") is null)
        {
            reference.Missing("name");
        }

        var @namespace = reference.Find("namespace") is null ? head.Name?.Namespace : reference.Label("namespace");
        return reference.Label("name") is { } name && @namespace is not null ? new(@namespace, name) : null;
    }

    private static HttpRouteRuleConfig Rule(Head head, FieldReader rule)
    {
        if (rule.Find("backendRefs") is null or ListNode { Items.IsEmpty: true })
        {
            rule.Missing("backendRefs", "name the services that get the requests");
        }

        var matches = rule.Maps("matches").Select(RouteMatchDecoder.Decode).ToImmutableArray();
        var backends = rule.Maps("backendRefs").Select(b => Backend(head, b)).ToImmutableArray();
        var headers = RouteFilters.RequestHeaders(rule);
        var (timeout, backendTimeout) = RouteTimeouts.Of(rule);
        rule.Unsupported("retry", "sessionPersistence");
        rule.Ignore("name");
        rule.Close();
        return new(matches.IsEmpty ? [RouteMatch.Any] : matches, headers, backends, timeout, backendTimeout);
    }

    private static BackendRefConfig Backend(Head head, FieldReader backend)
    {
        if (backend.Text("group") is { Text.Length: > 0 })
        {
            backend.Unsupported("group");
        }

        if (backend.Text("kind") is { Text: not "Service" })
        {
            backend.Unsupported("kind");
        }

        var weight = backend.Number("weight");
        if (weight is { Value: < 0 or > 1_000_000 } wrong)
        {
            backend.Findings.Error(
                "WEFT1108", wrong.Where,
                $"{backend.PathOf("weight")} is {wrong.Value}; a weight is a number from 0 to 1000000.");
        }

        var service = ServiceRef(head, backend) ?? default;
        var port = backend.Port("port");
        backend.Unsupported("filters");
        backend.Close();
        return new(service, port, weight?.Value ?? 1, backend.Where);
    }
}
