using System.Collections.Frozen;
using System.Collections.Immutable;
using Envoy.Config.Core.V3;
using Envoy.Config.Listener.V3;
using Weft.Proxy.Listening;

namespace Weft.Proxy.Config;

/// <summary>LDS: an address, and what becomes of its connections.</summary>
internal static class ListenerDecoding
{
    private static readonly FrozenSet<string> ListenerFields = FrozenSet.Create(
        "name", "address", "filter_chains", "default_filter_chain", "stat_prefix", "traffic_direction",
        "listener_filters",
        // Nothing here reads metadata; buffers, the backlog and threads are the runtime's, and are bounded by it; there
        // is no bound on all connections together; and no listener drains because of health.
        "metadata", "per_connection_buffer_limit_bytes", "tcp_backlog_size", "enable_reuse_port",
        "ignore_global_conn_limit", "drain_type");

    /// <summary>Filters that only look; what they find is known here without them.</summary>
    private static readonly FrozenSet<string> HarmlessListenerFilters = FrozenSet.Create(
        "type.googleapis.com/envoy.extensions.filters.listener.http_inspector.v3.HttpInspector",
        "type.googleapis.com/envoy.extensions.filters.listener.tls_inspector.v3.TlsInspector");

    /// <summary>
    /// The listener; null where it has no address or no filter chain that can be used, which is refused.
    /// </summary>
    public static ListenerConfig? Decode(Listener message, Refusals refusals)
    {
        refusals.AddUnknown(message, "listener", ListenerFields);
        var filters = message.ListenerFilters;
        foreach (var filter in filters.Where(f => !HarmlessListenerFilters.Contains(f.TypedConfig?.TypeUrl ?? "")))
        {
            refusals.Add("listener_filters", $"{filter.Name} is not supported by Weft.Proxy");
        }

        var address = EndpointDecoding.Address(message.Address, "address", refusals);
        var chains = Chains(message, refusals);
        return address is null || chains.IsEmpty
            ? null
            : new(message.Name, address, chains)
            {
                IsInbound = message.TrafficDirection == TrafficDirection.Inbound,
                StatName = message.StatPrefix.Length > 0 ? message.StatPrefix : message.Name,
            };
    }

    private static ImmutableArray<ChainConfig> Chains(Listener message, Refusals refusals)
    {
        var chains = message.FilterChains
            .Select((c, i) => ChainDecoding.Decode(c, $"filter_chains[{i}]", message, refusals))
            .OfType<ChainConfig>().ToList();
        // "If no filter chain matches, the default filter chain is used": one that takes all leaves it nothing.
        if (message.DefaultFilterChain is { } other
            && ChainDecoding.Decode(other, "default_filter_chain", message, refusals) is { } last
            && chains.All(c => !c.ServerNames.IsEmpty))
        {
            chains.Add(last with { ServerNames = [] });
        }

        if (message.FilterChains.Count == 0 && message.DefaultFilterChain is null)
        {
            refusals.Add("filter_chains", "Weft.Proxy needs a filter chain");
        }

        CheckTogether(chains, refusals);
        return [.. chains];
    }

    private static void CheckTogether(List<ChainConfig> chains, Refusals refusals)
    {
        if (chains.Select(c => c.Tls is null).Distinct().Count() > 1)
        {
            refusals.Add("filter_chains", "chains with TLS beside chains without it are not supported by Weft.Proxy");
        }

        if (chains.Select(c => c.Traffic).OfType<HttpConfig>().Select(h => h.Limits).Distinct().Count() > 1)
        {
            refusals.Add(
                "filter_chains",
                "request_headers_timeout, common_http_protocol_options and http2_protocol_options that differ from "
                + "chain to chain are not supported by Weft.Proxy");
        }

        if (chains.Count(c => c.ServerNames.IsEmpty) > 1)
        {
            refusals.Add("filter_chains", "two chains are for all server names");
        }

        foreach (var twice in chains.SelectMany(c => c.ServerNames).GroupBy(n => n).Where(g => g.Count() > 1))
        {
            refusals.Add("filter_chains", $"two chains are for the server name {twice.Key}");
        }
    }
}
