using System.Collections.Frozen;
using Envoy.Config.Cluster.V3;
using Envoy.Config.Core.V3;
using Weft.Proxy.Upstream;
using Http1Options = Envoy.Config.Core.V3.Http1ProtocolOptions;
using HttpProtocolOptions = Envoy.Extensions.Upstreams.Http.V3.HttpProtocolOptions;

namespace Weft.Proxy.Config;

/// <summary>How a cluster's endpoints are spoken to: the protocol, and how long connections live.</summary>
internal static class UpstreamDecoding
{
    private const string HttpOptions = "envoy.extensions.upstreams.http.v3.HttpProtocolOptions";

    /// <summary>"If not set, the default value of 1 hour is used."</summary>
    private static readonly TimeSpan DefaultIdleTimeout = TimeSpan.FromHours(1);

    private static readonly FrozenSet<string> OptionFields = FrozenSet.Create(
        "common_http_protocol_options", "explicit_http_config", "use_downstream_protocol_config");

    private static readonly FrozenSet<string> CommonFields =
        FrozenSet.Create("idle_timeout", "max_requests_per_connection");

    // It says that an upgrade may pass; which ones do upgrade_configs says.
    private static readonly FrozenSet<string> Http2Fields = FrozenSet.Create("allow_connect");

    // The interface is only told to those who ask; addresses are IP addresses, so that no two are tried at a time.
    private static readonly FrozenSet<string> ConnectionFields = FrozenSet.Create(
        "tcp_keepalive", "set_local_interface_name_on_upstream_connections", "happy_eyeballs_config");

    private static readonly FrozenSet<string> KeepaliveFields =
        FrozenSet.Create("keepalive_probes", "keepalive_time", "keepalive_interval");

    public static UpstreamConnections Connections(Cluster message, Refusals refusals)
    {
#pragma warning disable CS0612 // Obsolete in Envoy, still obeyed by it.
        var common = message.CommonHttpProtocolOptions;
#pragma warning restore CS0612
        var where = "common_http_protocol_options";
        if (message.TypedExtensionProtocolOptions.TryGetValue(HttpOptions, out var packed))
        {
            common = packed.Unpack<HttpProtocolOptions>().CommonHttpProtocolOptions;
            where = $"{HttpOptions} {where}";
        }

        refusals.AddUnknown(common, where, CommonFields);
        if (common?.MaxRequestsPerConnection > 1)
        {
            refusals.Add(where, "max_requests_per_connection other than 1 is not supported by Weft.Proxy");
        }

        var idle = refusals.Read(common?.IdleTimeout, $"{where} idle_timeout") ?? DefaultIdleTimeout;
        return new(
            ActionDecoding.NoneIfZero(idle),
            OneRequest: common?.MaxRequestsPerConnection == 1,
            Keepalive(message.UpstreamConnectionOptions, refusals));
    }

    public static UpstreamProtocol Protocol(Cluster message, Refusals refusals)
    {
        foreach (var name in message.TypedExtensionProtocolOptions.Keys.Where(k => k != HttpOptions))
        {
            refusals.Add("typed_extension_protocol_options", $"{name} is not supported by Weft.Proxy");
        }

        if (!message.TypedExtensionProtocolOptions.TryGetValue(HttpOptions, out var packed))
        {
#pragma warning disable CS0612 // Obsolete in Envoy, still obeyed by it.
            var http2 = message.Http2ProtocolOptions;
#pragma warning restore CS0612
            refusals.AddUnknown(http2, "http2_protocol_options", Http2Fields);
            return http2 is null ? UpstreamProtocol.Http1 : UpstreamProtocol.Http2;
        }

        var options = packed.Unpack<HttpProtocolOptions>();
        refusals.AddUnknown(options, HttpOptions, OptionFields);
        switch (options.UpstreamProtocolOptionsCase)
        {
            case HttpProtocolOptions.UpstreamProtocolOptionsOneofCase.ExplicitHttpConfig
                when options.ExplicitHttpConfig.Http3ProtocolOptions is null:
                var explicitly = options.ExplicitHttpConfig;
                Check(explicitly.HttpProtocolOptions, explicitly.Http2ProtocolOptions, refusals);
                return explicitly.Http2ProtocolOptions is null ? UpstreamProtocol.Http1 : UpstreamProtocol.Http2;
            case HttpProtocolOptions.UpstreamProtocolOptionsOneofCase.UseDownstreamProtocolConfig:
                var either = options.UseDownstreamProtocolConfig;
                Check(either.HttpProtocolOptions, either.Http2ProtocolOptions, refusals);
                refusals.AddAll(either.Http3ProtocolOptions, $"{HttpOptions} http3_protocol_options");
                return UpstreamProtocol.AsDownstream;
            default:
                refusals.Add(HttpOptions, $"{options.UpstreamProtocolOptionsCase} is not supported by Weft.Proxy");
                return UpstreamProtocol.Http1;
        }
    }

    private static void Check(Http1Options? http1, Http2ProtocolOptions? http2, Refusals refusals)
    {
        refusals.AddAll(http1, $"{HttpOptions} http_protocol_options");
        refusals.AddUnknown(http2, $"{HttpOptions} http2_protocol_options", Http2Fields);
    }

    private static KeepaliveConfig? Keepalive(UpstreamConnectionOptions? message, Refusals refusals)
    {
        const string Where = "upstream_connection_options";
        refusals.AddUnknown(message, Where, ConnectionFields);
        if (message?.TcpKeepalive is not { } keepalive)
        {
            return null;
        }

        refusals.AddUnknown(keepalive, $"{Where} tcp_keepalive", KeepaliveFields);
        return new(
            Bounded(keepalive.KeepaliveProbes, "keepalive_probes", 127),
            Bounded(keepalive.KeepaliveTime, "keepalive_time", 32_767),
            Bounded(keepalive.KeepaliveInterval, "keepalive_interval", 32_767));

        // Linux takes no more than these, and refuses to connect otherwise; 0 is left to it as well.
        int? Bounded(uint? number, string field, uint most)
        {
            if (number > most)
            {
                refusals.Add($"{Where} tcp_keepalive", $"{field} must be at most {most}");
            }

            return number is null or 0 ? null : (int)Math.Min(number.Value, most);
        }
    }
}
