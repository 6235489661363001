using System.Buffers.Binary;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;

namespace Weft.Proxy.Upstream;

/// <summary>Asks one endpoint once whether it is well.</summary>
internal static class HealthQuestion
{
    private const int LongestAnswer = 1024;

    /// <summary>Whether the client's library sends such a host.</summary>
    public static bool IsHost(string text)
    {
        using var request = new HttpRequestMessage();
        try
        {
            request.Headers.Host = text;
            return true;
        }
        catch (FormatException)
        {
            return false;
        }
    }

    /// <summary>Never throws but for <paramref name="cancellation"/>; no answer in time is none.</summary>
    /// <param name="host">Asked for where the probe names none; null for the endpoint's address.</param>
    public static async Task<HealthAnswer> AskAsync(
        Endpoint endpoint, HealthProbe probe, string? host, HttpMessageInvoker invoker, CancellationToken cancellation)
    {
        try
        {
            return probe switch
            {
                HealthProbe.Http http => await HttpAsync(endpoint, http, host, invoker, cancellation),
                HealthProbe.Grpc grpc => await GrpcAsync(endpoint, grpc, host, invoker, cancellation),
                _ => await TcpAsync(endpoint, cancellation),
            };
        }
        catch (Exception e) when (
            e is HttpRequestException or IOException or SocketException or OperationCanceledException)
        {
            return HealthAnswer.None;
        }
    }

    private static async Task<HealthAnswer> HttpAsync(
        Endpoint endpoint, HealthProbe.Http probe, string? host, HttpMessageInvoker invoker,
        CancellationToken cancellation)
    {
        using var request = Request(
            probe.Method, endpoint, probe.Path, probe.Host ?? host, probe.Http2);
        using var response = await invoker.SendAsync(request, cancellation);
        return probe.IsGood((int)response.StatusCode) ? HealthAnswer.Good : HealthAnswer.Bad;
    }

    private static async Task<HealthAnswer> TcpAsync(Endpoint endpoint, CancellationToken cancellation)
    {
        using var socket = new Socket(endpoint.Address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(endpoint.Address, cancellation);
        return HealthAnswer.Good;
    }

    private static async Task<HealthAnswer> GrpcAsync(
        Endpoint endpoint, HealthProbe.Grpc probe, string? host, HttpMessageInvoker invoker,
        CancellationToken cancellation)
    {
        using var request = Request(
            HttpMethod.Post, endpoint, "/grpc.health.v1.Health/Check", probe.Authority ?? host, http2: true);
        request.Headers.TE.Add(new("trailers"));
        request.Content = new ByteArrayContent(Frame(probe.Service))
        {
            Headers = { ContentType = new MediaTypeHeaderValue("application/grpc") },
        };
        using var response = await invoker.SendAsync(request, cancellation);
        if (response.StatusCode != HttpStatusCode.OK)
        {
            return HealthAnswer.Bad;
        }

        await using var body = await response.Content.ReadAsStreamAsync(cancellation);
        var answer = new byte[LongestAnswer];
        var length = await body.ReadAtLeastAsync(answer, answer.Length, throwOnEndOfStream: false, cancellation);
        var ended = response.TrailingHeaders.TryGetValues("grpc-status", out var status) && status.First() == "0";
        // One uncompressed message with field 1, the status, being 1: SERVING.
        return ended && answer.AsSpan(0, length).SequenceEqual<byte>([0, 0, 0, 0, 2, 0x08, 0x01])
            ? HealthAnswer.Good
            : HealthAnswer.Bad;
    }

    private static HttpRequestMessage Request(
        HttpMethod method, Endpoint endpoint, string path, string? host, bool http2) =>
        new(
            method,
            new Uri(
                endpoint.Origin + path,
                new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }))
        {
            Version = http2 ? HttpVersion.Version20 : HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Headers = { Host = host, UserAgent = { new ProductInfoHeaderValue("Envoy", "HC") } },
        };

    /// <summary>A HealthCheckRequest: field 1 is the service.</summary>
    private static byte[] Frame(string service)
    {
        var name = Encoding.UTF8.GetBytes(service);
        byte[] message = name.Length == 0 ? [] : [0x0A, (byte)name.Length, .. name];
        var frame = new byte[5 + message.Length];
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(1), (uint)message.Length);
        message.CopyTo(frame, 5);
        return frame;
    }
}
