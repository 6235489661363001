using System.Buffers;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Envoy.Service.Discovery.V3;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Http;
using Weft.Proxy.Listening;
using Weft.Xds;

namespace Weft.Tests.Proxy;

/// <summary>What is spoken on a listener's one port.</summary>
public sealed class ProtocolTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")]
    [InlineData("POST / HTTP/1.1\r\n")]
    [InlineData("PRIVATE / HTTP/1.1\r\nHost: x")]
    [InlineData("GET / HTTP/1.1\r\n\r\n")]
    [InlineData("\0\0\0")]
    public void The_preface_is_told_from_everything_else_at_the_first_byte_that_differs(string begin)
    {
        const string Preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
        for (var length = 0; length <= begin.Length; length++)
        {
            var part = begin[..length];
            bool? expected = part.Length >= Preface.Length && part.StartsWith(Preface, StringComparison.Ordinal)
                ? true
                : Preface.StartsWith(part, StringComparison.Ordinal) ? null : false;
            Assert.Equal(expected, SniffingTransport.Judge(new ReadOnlySequence<byte>(Encoding.ASCII.GetBytes(part))));
        }
    }

    [Fact]
    public async Task Both_versions_of_HTTP_share_one_port()
    {
        await using var mesh = await Mesh.StartAsync();
        var service = await mesh.ServeAsync(context => context.Response.WriteAsync(context.Request.Protocol));
        await mesh.RouteAsync(Resources.Routes("r", Resources.To("c")), ("c", service));
        foreach (var version in new[] { HttpVersion.Version11, HttpVersion.Version20, HttpVersion.Version11 })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, mesh.At())
            {
                Version = version,
                VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            };
            using var response = await mesh.SendAsync(request);
            Assert.Equal(version, response.Version);
            Assert.Equal("HTTP/1.1", await response.Content.ReadAsStringAsync(Cancellation));
        }

        await mesh.InUseAsync(TypeUrl.Cluster, "c", mesh.Plane.Apply(Resources.Cluster("c", http2: true)));
        Assert.Equal((HttpStatusCode.OK, "HTTP/2"), await mesh.GetAsync());
    }

    [Fact]
    public async Task Bytes_that_are_no_HTTP_harm_nobody()
    {
        await using var mesh = await Mesh.StartAsync();
        var service = await mesh.ServeAsync("fine");
        await mesh.RouteAsync(Resources.Routes("r", Resources.To("c")), ("c", service));
        foreach (var garbage in new[] { "", "\u0016\u0003\u0001", "PRI * HT", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\ngarbage", "x\r\n\r\n" })
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(mesh.Proxy.Status.Value.Listeners[0].Address!, Cancellation);
            await socket.SendAsync(Encoding.ASCII.GetBytes(garbage), Cancellation);
            socket.Shutdown(SocketShutdown.Send);
            await ReadToEndAsync(socket);
        }

        Assert.Equal((HttpStatusCode.OK, "fine"), await mesh.GetAsync());
    }

    /// <summary>Until the other side closes or resets; either is an end.</summary>
    private static async Task ReadToEndAsync(Socket socket)
    {
        try
        {
            while (await socket.ReceiveAsync(new byte[1024], Cancellation) > 0)
            {
                // What is answered does not matter.
            }
        }
        catch (SocketException)
        {
            // Reset.
        }
    }

    [Fact]
    public async Task GRPC_streams_and_trailers_pass()
    {
        await using var mesh = await Mesh.StartAsync();
        // The service behind the proxy is a gRPC server that is at hand: another control plane.
        await using var service = await FakeControlPlane.StartAsync();
        service.OutlivesRequests = true;
        service.Apply(Resources.Cluster("seen-through-the-proxy"));
        mesh.Plane.Apply(Resources.Cluster("c", http2: true));
        await mesh.RouteAsync(Resources.Routes("r", Resources.To("c", r => r.Route_.Timeout = new())));
        mesh.Plane.Apply(Resources.Endpoints("c", IPEndPoint.Parse(service.Address.Authority)));
        await mesh.UntilAsync(s => s.Clusters == 1 && s.Xds[TypeUrl.Endpoints].Resources.Count == 1);

        using var channel = GrpcChannel.ForAddress(mesh.At());
        var client = new AggregatedDiscoveryService.AggregatedDiscoveryServiceClient(channel);
        using var call = client.DeltaAggregatedResources(cancellationToken: Cancellation);
        await call.RequestStream.WriteAsync(new DeltaDiscoveryRequest { TypeUrl = TypeUrl.Cluster }, Cancellation);
        Assert.True(await call.ResponseStream.MoveNext(Cancellation));
        Assert.Equal("seen-through-the-proxy", call.ResponseStream.Current.Resources.Single().Name);
        service.Apply(Resources.Cluster("later"));
        Assert.True(await call.ResponseStream.MoveNext(Cancellation));
        Assert.Equal("later", call.ResponseStream.Current.Resources.Single().Name);

        // One that ends while its client may still ask is ended twice, by its status and by a reset, and either may come first.
        await call.RequestStream.CompleteAsync();
        await service.RequestsEnded.WaitAsync(Cancellation);
        service.GoDown();
        var end = await Assert.ThrowsAsync<RpcException>(async () => await call.ResponseStream.MoveNext(Cancellation));
        Assert.Equal((StatusCode.Unavailable, "the server goes down"), (end.StatusCode, end.Status.Detail));
    }
}
