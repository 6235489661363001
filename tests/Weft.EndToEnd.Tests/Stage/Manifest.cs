namespace Weft.EndToEnd.Tests.Stage;

/// <summary>Manifests of the namespace <c>shop</c> as text. Each ends with the separator of documents.</summary>
internal static class Manifest
{
    public static string Service(string name, int port = 80, string portName = "http") => $$"""
        apiVersion: v1
        kind: Service
        metadata: {name: {{name}}, namespace: shop}
        spec: {ports: [{name: {{portName}}, port: {{port}}}]}
        ---

        """;

    /// <summary>A workload; what is null is left out.</summary>
    /// <param name="run">The mapping of the field <c>run</c>, in braces.</param>
    public static string Workload(
        string name, string? service, int? app = null, int? inbound = null, int? outbound = null, string? run = null)
    {
        (string Name, string? Value)[] fields =
        [
            ("service", service), ("appPort", $"{app}"), ("inboundPort", $"{inbound}"), ("outboundPort", $"{outbound}"),
            ("run", run),
        ];
        var written = fields.Where(f => f.Value is { Length: > 0 }).Select(f => $", {f.Name}: {f.Value}");
        return $$"""
            apiVersion: weft.dev/v1alpha1
            kind: Workload
            metadata: {name: {{name}}, namespace: shop}
            spec: {address: 127.0.0.1{{string.Concat(written)}}}
            ---

            """;
    }

    /// <summary>A service with one application behind it, whose workload has its name.</summary>
    public static string Served(Application application) =>
        Service(application.Name) + Workload(application.Name, application.Name, application.Port);

    /// <summary>The routes of a service; each rule is a YAML mapping in braces.</summary>
    public static string Route(string service, params IEnumerable<string> rules) => $$"""
        apiVersion: gateway.networking.k8s.io/v1
        kind: HTTPRoute
        metadata: {name: {{service}}, namespace: shop}
        spec:
          parentRefs: [{group: "", kind: Service, name: {{service}}}]
          rules:
        {{string.Join('\n', rules.Select(rule => $"  - {rule}"))}}
        ---

        """;

    /// <summary>A rule that splits what fits.</summary>
    /// <param name="more">Further fields of the rule, each with a comma after it.</param>
    public static string Rule(string more, params IEnumerable<(string Service, int Weight)> backends)
    {
        var references = backends.Select(b => $"{{name: {b.Service}, port: 80, weight: {b.Weight}}}");
        return $"{{{more} backendRefs: [{string.Join(", ", references)}]}}";
    }

    /// <summary>A slice of one address and port.</summary>
    public static string Slice(string name, string service, int port, bool ready = true) => $$"""
        apiVersion: discovery.k8s.io/v1
        kind: EndpointSlice
        metadata:
          name: {{name}}
          namespace: shop
          labels: {kubernetes.io/service-name: {{service}}}
        addressType: IPv4
        ports: [{name: http, port: {{port}}}]
        endpoints:
        - addresses: [127.0.0.1]
          conditions: {ready: {{(ready ? "true" : "false")}}}
        ---

        """;
}
