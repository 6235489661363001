using System.Collections.Frozen;
using Envoy.Extensions.Filters.Network.HttpConnectionManager.V3;
using Weft.Proxy.Listening;
using CodecType = Envoy.Extensions.Filters.Network.HttpConnectionManager.V3.HttpConnectionManager.Types.CodecType;
using Transformation = Envoy.Extensions.Filters.Network.HttpConnectionManager.V3.HttpConnectionManager.Types
    .ServerHeaderTransformation;

namespace Weft.Proxy.Config;

/// <summary>What a connection manager says about its connections: their versions of HTTP and their bounds.</summary>
internal static class ConnectionDecoding
{
    /// <summary>"Valid values range from 65535 to 2147483647", as in RFC 9113, section 6.9.2.</summary>
    private const uint LeastWindow = 65_535;

    private static readonly FrozenSet<string> CommonFields = FrozenSet.Create("idle_timeout", "max_headers_count");

    // Which parser is used, and that any method passes, as it does here.
    private static readonly FrozenSet<string> Http1Fields = FrozenSet.Create(
        "allow_absolute_url", "accept_http_10", "use_balsa_parser", "allow_custom_methods");

    // allow_connect: upgrade_configs says which upgrades pass, over HTTP/2 as well.
    private static readonly FrozenSet<string> Http2Fields = FrozenSet.Create(
        "hpack_table_size", "max_concurrent_streams", "initial_stream_window_size", "initial_connection_window_size",
        "allow_connect", "use_oghttp2_codec");

    public static ConnectionLimits Limits(HttpConnectionManager manager, Refusals refusals)
    {
        var (common, http2) = (manager.CommonHttpProtocolOptions, manager.Http2ProtocolOptions);
        refusals.AddUnknown(common, "common_http_protocol_options", CommonFields);
        refusals.AddUnknown(manager.HttpProtocolOptions, "http_protocol_options", Http1Fields);
        refusals.AddUnknown(http2, "http2_protocol_options", Http2Fields);
        if (manager.HttpProtocolOptions?.AllowAbsoluteUrl is false)
        {
            refusals.Add("http_protocol_options", "allow_absolute_url false is not supported by Weft.Proxy");
        }

        var standard = ConnectionLimits.Default;
        return new(
            Time(common?.IdleTimeout, standard.Idle, "common_http_protocol_options idle_timeout", refusals),
            Time(manager.RequestHeadersTimeout, standard.Headers, "request_headers_timeout", refusals),
            Number(common?.MaxHeadersCount, standard.HeaderCount, 1, "max_headers_count", refusals),
            Number(http2?.MaxConcurrentStreams, standard.Streams, 1, "max_concurrent_streams", refusals),
            Number(
                http2?.InitialStreamWindowSize, standard.StreamWindow, LeastWindow,
                "initial_stream_window_size", refusals),
            Number(
                http2?.InitialConnectionWindowSize, standard.ConnectionWindow, LeastWindow,
                "initial_connection_window_size", refusals),
            Number(http2?.HpackTableSize, standard.HeaderTable, 0, "hpack_table_size", refusals));
    }

    public static HttpVersions Versions(HttpConnectionManager manager, Refusals refusals)
    {
        switch (manager.CodecType)
        {
            case CodecType.Auto:
                return HttpVersions.Any;
            case CodecType.Http1:
                return HttpVersions.Http1;
            case CodecType.Http2:
                return HttpVersions.Http2;
            default:
                refusals.Add(
                    "http_connection_manager", $"codec_type {manager.CodecType} is not supported by Weft.Proxy");
                return HttpVersions.Any;
        }
    }

    public static ServerHeader Server(HttpConnectionManager manager, Refusals refusals)
    {
        if (manager.ServerName.AsSpan().ContainsAny('\r', '\n', '\0'))
        {
            refusals.Add("server_name", "a header value holds a control character");
        }

        return new(
            manager.ServerName.Length == 0 ? ServerHeader.Default.Name : manager.ServerName,
            manager.ServerHeaderTransformation switch
            {
                Transformation.AppendIfAbsent => ServerHeaderKind.AddIfAbsent,
                Transformation.PassThrough => ServerHeaderKind.Pass,
                _ => ServerHeaderKind.Overwrite,
            });
    }

    /// <summary>As in Envoy 0 is no bound.</summary>
    private static TimeSpan? Time(
        Google.Protobuf.WellKnownTypes.Duration? duration, TimeSpan? standard, string where, Refusals refusals) =>
        duration is null ? standard : ActionDecoding.NoneIfZero(refusals.Read(duration, where));

    private static int Number(uint? number, int standard, uint least, string where, Refusals refusals)
    {
        if (number is { } given && (given < least || given > int.MaxValue))
        {
            refusals.Add(where, $"it must be from {least} to {int.MaxValue}");
            return standard;
        }

        return (int?)number ?? standard;
    }
}
