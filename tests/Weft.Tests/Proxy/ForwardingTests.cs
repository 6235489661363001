using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;
using Weft.Xds;

namespace Weft.Tests.Proxy;

/// <summary>One request at a time, end to end.</summary>
public sealed class ForwardingTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Host_path_query_and_trace_pass_untouched_and_headers_change_as_told()
    {
        await using var mesh = await Mesh.StartAsync();
        var echo = await mesh.ServeAsync(context =>
        {
            var raw = context.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpRequestFeature>()!.RawTarget;
            var headers = context.Request.Headers.Select(h => $"{h.Key.ToLowerInvariant()}: {h.Value}");
            return context.Response.WriteAsync(string.Join('\n', headers.Prepend(raw)));
        });
        await mesh.RouteAsync(
            Resources.Routes("r", Resources.To("echo", r =>
            {
                r.RequestHeadersToAdd.Add(new Envoy.Config.Core.V3.HeaderValueOption
                {
                    Header = new() { Key = "x-added", Value = "yes" },
                });
                r.RequestHeadersToRemove.Add("x-secret");
            })),
            ("echo", echo));

        var (status, body) = await mesh.GetAsync("/a%2Fb/%C3%A9;x?q=1%202&r=%2f", h =>
        {
            h.Host = "reviews.shop:9080";
            h.Add("x-secret", "1");
            h.Add("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
        });
        Assert.Equal(HttpStatusCode.OK, status);
        var lines = body.Split('\n');
        Assert.Equal("/a%2Fb/%C3%A9;x?q=1%202&r=%2f", lines[0]);
        Assert.Contains("host: reviews.shop:9080", lines);
        Assert.Contains("x-added: yes", lines);
        Assert.Contains("traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", lines);
        Assert.Contains(lines, l => l.StartsWith("x-request-id: ", StringComparison.Ordinal));
        Assert.DoesNotContain(lines, l => l.StartsWith("x-secret", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_request_without_a_way_gets_what_Envoy_answers()
    {
        await using var mesh = await Mesh.StartAsync();
        await mesh.RouteAsync(Resources.Routes(
            "r",
            Resources.To("missing", r => r.Match = new() { Prefix = "/missing" }),
            Resources.To("empty", r => r.Match = new() { Prefix = "/empty" }),
            Resources.Answer("direct", m => m.Prefix = "/direct")));
        mesh.Plane.Apply(Resources.Cluster("empty"), Resources.Endpoints("empty"));
        await mesh.UntilAsync(s => s.Clusters == 1);

        Assert.Equal((HttpStatusCode.NotFound, ""), await mesh.GetAsync("/"));
        Assert.Equal((HttpStatusCode.ServiceUnavailable, ""), await mesh.GetAsync("/missing"));
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "no healthy upstream"), await mesh.GetAsync("/empty"));
        Assert.Equal((HttpStatusCode.OK, "direct"), await mesh.GetAsync("/direct"));

        // A gRPC caller reads the failure in gRPC's terms.
        using var request = new HttpRequestMessage(HttpMethod.Post, mesh.At("/empty"));
        request.Content = new ByteArrayContent([]) { Headers = { { "content-type", "application/grpc" } } };
        using var response = await mesh.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(["14"], response.Headers.GetValues("grpc-status"));
    }

    [Fact]
    public async Task A_dead_endpoint_is_passed_over_and_counted()
    {
        // Bound and not listening: the port is ours, and connects to it are refused.
        using var dead = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        dead.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var deadAddress = (IPEndPoint)dead.LocalEndPoint!;
        await using var mesh = await Mesh.StartAsync();
        var alive = await mesh.ServeAsync("alive");
        await mesh.RouteAsync(Resources.Routes("r", Resources.To("c")), ("c", deadAddress));

        var (status, body) = await mesh.GetAsync();
        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.Contains("remote connection failure", body, StringComparison.Ordinal);

        var version = mesh.Plane.Apply(Resources.Endpoints("c", deadAddress, alive));
        await mesh.InUseAsync(TypeUrl.Endpoints, "c", version);
        for (var i = 0; i < 4; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, mesh.At()) { Content = new StringContent("body") };
            using var response = await mesh.SendAsync(request);
            Assert.Equal("alive", await response.Content.ReadAsStringAsync(Cancellation));
        }

        var (_, metrics) = await mesh.AdminAsync("/stats/prometheus");
        Assert.DoesNotContain("envoy_cluster_upstream_cx_connect_fail{envoy_cluster_name=\"c\"} 0\n", metrics, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_slow_answer_becomes_504_when_the_timeout_is_over()
    {
        var time = new FakeTimeProvider();
        var arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var mesh = await Mesh.StartAsync(time);
        var slow = await mesh.ServeAsync(async context =>
        {
            arrived.SetResult();
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        });
        await mesh.RouteAsync(Resources.Routes("r", Resources.To("slow")), ("slow", slow));

        var pending = mesh.GetAsync();
        await arrived.Task.WaitAsync(Cancellation);
        time.Advance(TimeSpan.FromSeconds(14.9));
        Assert.False(pending.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.Equal((HttpStatusCode.GatewayTimeout, "upstream request timeout"), await pending);
    }

    [Fact]
    public async Task The_timeout_begins_when_the_request_has_been_sent_whole()
    {
        var time = new FakeTimeProvider();
        var arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var goOn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var mesh = await Mesh.StartAsync(time);
        var reader = await mesh.ServeAsync(async context =>
        {
            await context.Request.Body.ReadExactlyAsync(new byte[5], context.RequestAborted);
            arrived.SetResult();
            var rest = await new StreamReader(context.Request.Body).ReadToEndAsync(context.RequestAborted);
            await context.Response.WriteAsync($"{rest.Length} more");
        });
        await mesh.RouteAsync(Resources.Routes("r", Resources.To("reader")), ("reader", reader));

        // Large enough that no buffer on the way holds the first half back.
        var half = new string('x', 200_000);
        using var request = new HttpRequestMessage(HttpMethod.Post, mesh.At()) { Content = new HalvesContent(half, half, goOn.Task) };
        var pending = mesh.SendAsync(request);
        await arrived.Task.WaitAsync(Cancellation);
        time.Advance(TimeSpan.FromMinutes(1));
        goOn.SetResult();
        using var response = await pending;
        Assert.Equal("399995 more", await response.Content.ReadAsStringAsync(Cancellation));
    }

    [Fact]
    public async Task A_service_that_hangs_up_gives_503_and_harms_no_other_request()
    {
        await using var mesh = await Mesh.StartAsync();
        var service = await mesh.ServeAsync(context =>
        {
            if (context.Request.Path == "/abort")
            {
                context.Abort();
                return Task.CompletedTask;
            }

            return context.Response.WriteAsync("fine");
        });
        await mesh.RouteAsync(Resources.Routes("r", Resources.To("c")), ("c", service));
        var (status, body) = await mesh.GetAsync("/abort");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.Contains("connection termination", body, StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.OK, "fine"), await mesh.GetAsync("/"));
    }

    private sealed class HalvesContent(string first, string second, Task goOn) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync(System.Text.Encoding.ASCII.GetBytes(first));
            await stream.FlushAsync();
            await goOn;
            await stream.WriteAsync(System.Text.Encoding.ASCII.GetBytes(second));
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
