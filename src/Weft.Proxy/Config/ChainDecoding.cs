using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Net.Security;
using Envoy.Config.Listener.V3;
using Envoy.Extensions.Filters.Network.HttpConnectionManager.V3;
using Envoy.Extensions.Filters.Network.TcpProxy.V3;
using Weft.Proxy.Listening;

namespace Weft.Proxy.Config;

/// <summary>A filter chain: chosen by SNI, with or without TLS, for HTTP or for bytes.</summary>
internal static class ChainDecoding
{
    private static readonly FrozenSet<string> ChainFields = FrozenSet.Create(
        "name", "filters", "metadata", "filter_chain_match", "transport_socket");

    private static readonly FrozenSet<string> MatchFields = FrozenSet.Create("server_names", "transport_protocol");

    /// <param name="listener">The listener that it belongs to.</param>
    public static ChainConfig? Decode(FilterChain message, string where, Listener listener, Refusals refusals)
    {
        refusals.AddUnknown(message, where, ChainFields);
        var tls = TlsDecoding.Decode(message.TransportSocket, $"{where} transport_socket", refusals);
        var names = ServerNames(message.FilterChainMatch, tls is not null, $"{where} filter_chain_match", refusals);
        var traffic = Traffic(message, where, listener, refusals);
        if (tls is not null && traffic is Tcp.TcpConfig)
        {
            refusals.Add(where, "tcp_proxy within TLS is not supported by Weft.Proxy");
        }

        if (tls is not null && traffic is HttpConfig { Versions: not HttpVersions.Any } http
            && (http.Versions == HttpVersions.Http2 || tls.Applications.Contains(SslApplicationProtocol.Http2)))
        {
            refusals.Add(
                where,
                "within TLS alpn_protocols decides: a codec_type other than AUTO is not supported by Weft.Proxy there");
        }

        return traffic is null ? null : new(names, tls, traffic);
    }

    private static TrafficConfig? Traffic(FilterChain message, string where, Listener listener, Refusals refusals)
    {
        if (message.Filters.Count != 1)
        {
            refusals.Add(where, "Weft.Proxy needs exactly one filter");
            return null;
        }

        var filter = message.Filters[0];
        if (filter.TypedConfig?.TryUnpack<HttpConnectionManager>(out var manager) is true)
        {
            return ManagerDecoding.Decode(manager, listener, refusals);
        }

        if (filter.TypedConfig?.TryUnpack<TcpProxy>(out var proxy) is true)
        {
            return TcpDecoding.Decode(proxy, where, refusals);
        }

        refusals.Add(where, $"filter {filter.Name} is not supported by Weft.Proxy");
        return null;
    }

    private static ImmutableArray<string> ServerNames(
        FilterChainMatch? match, bool isSecure, string where, Refusals refusals)
    {
        if (match is null)
        {
            return [];
        }

        refusals.AddUnknown(match, where, MatchFields);
        if (match.TransportProtocol is not "" && match.TransportProtocol != (isSecure ? "tls" : "raw_buffer"))
        {
            refusals.Add(where, $"transport_protocol {match.TransportProtocol} is not supported by Weft.Proxy here");
        }

        if (!isSecure && match.ServerNames.Count > 0)
        {
            refusals.Add(where, "server_names without TLS is not supported by Weft.Proxy");
        }

        // "Partial wildcards are not supported, and values like *w.example.com are invalid."
        foreach (var name in match.ServerNames.Where(n => !IsServerName(n)))
        {
            refusals.Add(where, $"'{name}' is neither a server name nor one that begins with '*.'");
        }

        return [.. match.ServerNames.Select(n => n.ToLowerInvariant())];
    }

    private static bool IsServerName(string name) =>
        name.Length > 0 && name.LastIndexOf('*') <= (name.StartsWith("*.", StringComparison.Ordinal) ? 0 : -1);
}
