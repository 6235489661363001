using System.Net;
using System.Net.WebSockets;
using System.Text;
using Envoy.Config.Route.V3;
using Envoy.Extensions.Filters.Network.HttpConnectionManager.V3;
using Microsoft.AspNetCore.Http.Features;

namespace Weft.Tests.Proxy;

public sealed class UpgradeTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(null, null, false)]
    [InlineData(true, null, true)]
    [InlineData(false, null, false)]
    [InlineData(true, false, false)]
    [InlineData(null, true, true)]
    public async Task A_WebSocket_passes_where_listener_or_route_allow_it(bool? listener, bool? route, bool passes)
    {
        await using var mesh = await Mesh.StartAsync();
        var echo = await mesh.ServeAsync(async context =>
        {
            var upgrade = context.Features.GetRequiredFeature<IHttpUpgradeFeature>();
            context.Response.Headers.Upgrade = "websocket";
            context.Response.Headers.Connection = "Upgrade";
            context.Response.Headers["sec-websocket-accept"] = Accept(context.Request.Headers["sec-websocket-key"]!);
            await using var stream = await upgrade.UpgradeAsync();
            using var socket = WebSocket.CreateFromStream(stream, new WebSocketCreationOptions { IsServer = true });
            var buffer = new byte[100];
            var got = await socket.ReceiveAsync(buffer, context.RequestAborted);
            await socket.SendAsync(buffer.AsMemory(0, got.Count), WebSocketMessageType.Text, true, context.RequestAborted);
            await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, context.RequestAborted);
        });
        var manager = new HttpConnectionManager { Rds = new() { ConfigSource = Resources.Ads, RouteConfigName = "r" } };
        if (listener is { } byListener)
        {
            manager.UpgradeConfigs.Add(new HttpConnectionManager.Types.UpgradeConfig { UpgradeType = "websocket", Enabled = byListener });
        }

        mesh.Plane.Apply(
            Resources.Cluster("c"),
            Resources.Endpoints("c", echo),
            Resources.Listener("l", manager),
            Resources.Routes("r", Resources.To("c", r =>
            {
                if (route is { } byRoute)
                {
                    r.Route_.UpgradeConfigs.Add(new RouteAction.Types.UpgradeConfig { UpgradeType = "WebSocket", Enabled = byRoute });
                }
            })));
        await mesh.UntilAsync(s => s.Ready && s.Listeners.Any(l => l.Name == "l"));

        using var client = new ClientWebSocket();
        client.Options.CollectHttpResponseDetails = true;
        var address = new UriBuilder(mesh.At("/chat")) { Scheme = "ws" }.Uri;
        if (!passes)
        {
            await Assert.ThrowsAsync<WebSocketException>(() => client.ConnectAsync(address, Cancellation));
            Assert.Equal(HttpStatusCode.Forbidden, client.HttpStatusCode);
            return;
        }

        await client.ConnectAsync(address, Cancellation);
        await client.SendAsync(Encoding.ASCII.GetBytes("hello"), WebSocketMessageType.Text, true, Cancellation);
        var answer = new byte[100];
        var received = await client.ReceiveAsync(answer, Cancellation);
        Assert.Equal("hello", Encoding.ASCII.GetString(answer, 0, received.Count));
    }

    /// <summary>RFC 6455, section 4.2.2.</summary>
    private static string Accept(string key)
    {
#pragma warning disable CA5350 // The handshake of WebSockets is made with SHA-1.
        var hash = System.Security.Cryptography.SHA1.HashData(Encoding.ASCII.GetBytes(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"));
#pragma warning restore CA5350
        return Convert.ToBase64String(hash);
    }
}
