using System.Collections.Frozen;
using System.Collections.Immutable;
using Envoy.Config.Route.V3;
using Weft.Proxy.Filters;
using Weft.Proxy.Routing;
using VirtualHost = Weft.Proxy.Routing.VirtualHost;

namespace Weft.Proxy.Config;

/// <summary>RDS: domains, and the routes of each.</summary>
internal static class RouteDecoding
{
    private static readonly FrozenSet<string> TableFields = FrozenSet.Create(
        "name", "virtual_hosts", "request_headers_to_add", "request_headers_to_remove", "response_headers_to_add",
        "response_headers_to_remove", "ignore_port_in_host_matching", "typed_per_filter_config",
        // Nothing here reads metadata; a direct response may be of any size; and a request to a cluster that is not
        // there has its answer (cluster_not_found_response_code) whether or not the table is refused for it.
        "metadata", "max_direct_response_body_size_bytes", "validate_clusters");

    private static readonly FrozenSet<string> HostFields = FrozenSet.Create(
        "name", "domains", "routes", "request_headers_to_add", "request_headers_to_remove", "response_headers_to_add",
        "response_headers_to_remove", "metadata", "include_request_attempt_count", "typed_per_filter_config");

    private static readonly FrozenSet<string> RouteFields = FrozenSet.Create(
        "name", "match", "route", "redirect", "direct_response", "request_headers_to_add", "request_headers_to_remove",
        "response_headers_to_add", "response_headers_to_remove", "metadata", "typed_per_filter_config");

    public static RouteTable Decode(RouteConfiguration message, Refusals refusals)
    {
        const string Where = "route configuration";
        refusals.AddUnknown(message, Where, TableFields);
        var edits = Edits.None.Inside(
            HeaderDecoding.Edits(message.RequestHeadersToAdd, message.RequestHeadersToRemove, Where, refusals),
            HeaderDecoding.Edits(message.ResponseHeadersToAdd, message.ResponseHeadersToRemove, Where, refusals));
        var filters = FilterOverrides.None.Inside(
            FilterDecoding.Overrides(message.TypedPerFilterConfig, Where, refusals));
        var domains = new Dictionary<string, VirtualHost>(StringComparer.OrdinalIgnoreCase);
        foreach (var virtualHost in message.VirtualHosts)
        {
            var host = Host(virtualHost, edits, filters, refusals);
            foreach (var domain in virtualHost.Domains)
            {
                if (!domains.TryAdd(domain, host))
                {
                    refusals.Add($"virtual host {host.Name}", $"domain {domain} is there twice");
                }
            }
        }

        return new(
            message.Name,
            domains.Where(d => !IsSuffix(d.Key) && !IsPrefix(d.Key))
                .ToFrozenDictionary(StringComparer.OrdinalIgnoreCase),
            Wildcards(domains.Where(d => IsSuffix(d.Key) && d.Key != "*"), d => d[1..]),
            Wildcards(domains.Where(d => IsPrefix(d.Key)), d => d[..^1]),
            domains.GetValueOrDefault("*"),
            message.IgnorePortInHostMatching);
    }

    private static bool IsSuffix(string domain) => domain.StartsWith('*');

    private static bool IsPrefix(string domain) => domain.EndsWith('*') && !IsSuffix(domain);

    private static ImmutableArray<WildcardDomain> Wildcards(
        IEnumerable<KeyValuePair<string, VirtualHost>> domains, Func<string, string> literal) =>
        [.. domains.Select(d => new WildcardDomain(literal(d.Key), d.Value)).OrderByDescending(d => d.Literal.Length)];

    private static VirtualHost Host(
        Envoy.Config.Route.V3.VirtualHost message, Edits outer, FilterOverrides outerFilters, Refusals refusals)
    {
        var where = $"virtual host {message.Name}";
        refusals.AddUnknown(message, where, HostFields);
        var edits = outer.Inside(
            HeaderDecoding.Edits(message.RequestHeadersToAdd, message.RequestHeadersToRemove, where, refusals),
            HeaderDecoding.Edits(message.ResponseHeadersToAdd, message.ResponseHeadersToRemove, where, refusals));
        var filters = outerFilters.Inside(FilterDecoding.Overrides(message.TypedPerFilterConfig, where, refusals));
        var counts = message.IncludeRequestAttemptCount;
        return new(
            message.Name,
            [.. message.Routes.Select((r, i) => Entry(r, $"{where} route {i}", counts, edits, filters, refusals))]);
    }

    private static RouteEntry Entry(
        Route message, string where, bool countsTries, Edits outer, FilterOverrides outerFilters, Refusals refusals)
    {
        refusals.AddUnknown(message, where, RouteFields);
        var edits = outer.Inside(
            HeaderDecoding.Edits(message.RequestHeadersToAdd, message.RequestHeadersToRemove, where, refusals),
            HeaderDecoding.Edits(message.ResponseHeadersToAdd, message.ResponseHeadersToRemove, where, refusals));
        var filters = outerFilters.Inside(FilterDecoding.Overrides(message.TypedPerFilterConfig, where, refusals));
        return new(
            message.Name,
            MatchDecoding.Match(message.Match ?? new(), where, refusals),
            ActionDecoding.Decode(message, where, countsTries, edits, filters, refusals),
            filters);
    }
}
