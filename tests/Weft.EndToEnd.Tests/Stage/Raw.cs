namespace Weft.EndToEnd.Tests.Stage;

/// <summary>Raw resources as text, in the form of Envoy's own file subscriptions.</summary>
internal static class Raw
{
    public static string File(params IEnumerable<string> resources) => "resources:\n" + string.Concat(resources);

    /// <summary>A resource with a time to live.</summary>
    public static string Mortal(string resource, string life) =>
        $"""
        - "@type": type.googleapis.com/envoy.service.discovery.v3.Resource
          ttl: {life}
          resource:

        """
        + string.Concat(resource[2..].TrimEnd('\n').Split('\n').Select((line, i) => (i == 0 ? "    " : "  ") + line + "\n"));

    /// <summary>A cluster of one address.</summary>
    /// <param name="more">Further lines of it, indented by two from the second on.</param>
    public static string Cluster(string name, int port, string more = "") => $$"""
        - "@type": type.googleapis.com/envoy.config.cluster.v3.Cluster
          name: {{name}}
          type: STATIC
          connect_timeout: 1s
          {{more}}
          load_assignment:
            cluster_name: {{name}}
            endpoints:
            - lb_endpoints:
              - endpoint:
                  address:
                    socket_address: {address: 127.0.0.1, port_value: {{port}} }

        """;

    /// <summary>A listener with a route to one cluster.</summary>
    public static string Listener(string name, int port, string cluster) => $$"""
        - "@type": type.googleapis.com/envoy.config.listener.v3.Listener
          name: {{name}}
          address:
            socket_address: {address: 127.0.0.1, port_value: {{port}} }
          filter_chains:
          - filters:
            - name: envoy.filters.network.http_connection_manager
              typed_config:
                "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
                stat_prefix: raw
                route_config:
                  virtual_hosts:
                  - name: all
                    domains: ["*"]
                    routes:
                    - match: {prefix: /}
                      route: {cluster: {{cluster}} }
                http_filters:
                - name: envoy.filters.http.router
                  typed_config:
                    "@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router

        """;

    /// <summary>A listener that takes its routes by the same stream.</summary>
    public static string ListenerOfRoutes(string name, int port, string routes) => $$"""
        - "@type": type.googleapis.com/envoy.config.listener.v3.Listener
          name: {{name}}
          address:
            socket_address: {address: 127.0.0.1, port_value: {{port}} }
          filter_chains:
          - filters:
            - name: envoy.filters.network.http_connection_manager
              typed_config:
                "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
                stat_prefix: raw
                rds: {route_config_name: {{routes}}, config_source: {ads: {}, resource_api_version: V3} }
                http_filters:
                - name: envoy.filters.http.router
                  typed_config:
                    "@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router

        """;

    /// <summary>Routes for all hosts, each by a prefix of the path.</summary>
    public static string Routes(string name, params IEnumerable<(string Prefix, string Cluster)> routes) =>
        RoutesHead(name) + string.Concat(routes.Select(Route));

    private static string Route((string Prefix, string Cluster) route) => $$"""
            - match: {prefix: {{route.Prefix}} }
              route: {cluster: {{route.Cluster}} }

        """;

    private static string RoutesHead(string name) => $$"""
        - "@type": type.googleapis.com/envoy.config.route.v3.RouteConfiguration
          name: {{name}}
          virtual_hosts:
          - name: all
            domains: ["*"]
            routes:

        """;
}
