using System.Buffers;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;
using Weft.Proxy.Filters;
using Weft.Wasm.Host;

namespace Weft.Proxy.Wasm;

/// <summary>The properties of a stream that are not read from its headers, by Envoy's names.</summary>
internal static class StreamProperties
{
    private const int Longest = 256;
    private const int NanosecondsPerTick = 100;

    public static bool TryGet(HttpFilterExchange known, DateTimeOffset began, ReadOnlySpan<byte> path, IBufferWriter<byte> value)
    {
        if (path.Length > Longest)
        {
            return false;
        }

        var name = Encoding.UTF8.GetString(path).Replace('\0', '.');
        // The attributes of xDS: some plugins still ask for them by their former names.
        name = name.StartsWith("xds.", StringComparison.Ordinal) ? name["xds.".Length..] : name;
        return TextOf(known, name) is { } text ? Write(value, text)
            : NumberOf(known, began, name) is { } number ? Write(value, number)
            : name == "connection.mtls" && Write(value, known.Http.Connection.ClientCertificate is not null);
    }

    private static string? TextOf(HttpFilterExchange known, string name)
    {
        var connection = known.Http.Connection;
        return name switch
        {
            "source.address" => Address(connection.RemoteIpAddress, connection.RemotePort),
            "destination.address" => Address(connection.LocalIpAddress, connection.LocalPort),
            "cluster_name" => known.Cluster,
            "route_name" => known.Cluster is null ? null : known.Route,
            "listener_name" => known.Listener,
            "connection_id" or "connection.id" => null,
            "request.protocol" => Protocol(known.Http.Request.Protocol),
            _ => null,
        };
    }

    private static long? NumberOf(HttpFilterExchange known, DateTimeOffset began, string name)
    {
        var http = known.Http;
        return name switch
        {
            "source.port" => http.Connection.RemotePort,
            "destination.port" => http.Connection.LocalPort,
            "listener_direction" => known.IsInbound ? 1 : 2,
            "request.time" => (began - DateTimeOffset.UnixEpoch).Ticks * NanosecondsPerTick,
            "request.size" => http.Request.ContentLength,
            "response.code" => http.Response.HasStarted || known.Cluster is not null ? http.Response.StatusCode : null,
            _ => null,
        };
    }

    private static string? Address(IPAddress? address, int port) =>
        address is null ? null : new IPEndPoint(address, port).ToString();

    // ASP.NET Core says HTTP/2 as Envoy does; the others have a point.
    private static string Protocol(string protocol) => HttpProtocol.IsHttp2(protocol) ? "HTTP/2" : protocol;

    private static bool Write(IBufferWriter<byte> value, string text)
    {
        PropertyValue.Write(value, text);
        return true;
    }

    private static bool Write(IBufferWriter<byte> value, long number)
    {
        PropertyValue.Write(value, number);
        return true;
    }

    private static bool Write(IBufferWriter<byte> value, bool truth)
    {
        PropertyValue.Write(value, truth);
        return true;
    }
}
