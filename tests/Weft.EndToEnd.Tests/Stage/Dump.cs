using System.Text.Json.Nodes;

namespace Weft.EndToEnd.Tests.Stage;

/// <summary>Envoy's <c>/config_dump</c>.</summary>
internal static class Dump
{
    private static readonly (string Kind, string List, string[] Path)[] Lists =
    [
        ("cluster", "dynamic_active_clusters", ["cluster", "name"]),
        ("endpoints", "dynamic_endpoint_configs", ["endpoint_config", "cluster_name"]),
        ("listener", "dynamic_listeners", ["name"]),
        ("routes", "dynamic_route_configs", ["route_config", "name"]),
    ];

    /// <summary>The dynamic resources in use, as "kind name".</summary>
    public static string[] Names(string page) =>
        [.. JsonNode.Parse(page)!["configs"]!.AsArray()
            .SelectMany(config => Lists.SelectMany(list => (config![list.List]?.AsArray() ?? [])
                .Select(entry => $"{list.Kind} {list.Path.Aggregate(entry, (node, step) => node![step])}")))
            .Order(StringComparer.Ordinal)];
}
