using System.Net;
using System.Threading.Channels;
using Envoy.Config.Route.V3;
using Microsoft.AspNetCore.Http;
using Weft.Proxy.Forwarding;

namespace Weft.Tests.Proxy;

public sealed class MirrorTests
{
    private readonly Channel<string> _seen = Channel.CreateUnbounded<string>();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("reviews", "reviews-shadow")]
    [InlineData("reviews:9080", "reviews-shadow:9080")]
    [InlineData("[::1]:80", "[::1]-shadow:80")]
    [InlineData("[::1]", "[::1]-shadow")]
    public void A_copy_is_marked_by_its_host(string host, string marked) => Assert.Equal(marked, ShadowRequests.Mark(host));

    [Fact]
    public async Task A_copy_has_the_body_and_the_marked_host_and_its_answer_goes_nowhere()
    {
        await using var mesh = await StartAsync(_ => { });
        using var request = new HttpRequestMessage(HttpMethod.Post, mesh.At("/a?b")) { Content = new StringContent("body") };
        request.Headers.Host = "reviews:9080";
        request.Headers.Add("x-a", "1");
        using var response = await mesh.SendAsync(request);
        Assert.Equal("main body", await response.Content.ReadAsStringAsync(Cancellation));
        Assert.Equal("POST /a?b reviews-shadow:9080 1 body", await _seen.Reader.ReadAsync(Cancellation));

        Assert.Equal((HttpStatusCode.OK, "main "), await mesh.GetAsync("/get"));
        Assert.StartsWith("GET /get 127.0.0.1-shadow:", await _seen.Reader.ReadAsync(Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Copies_that_cannot_be_sent_harm_nobody()
    {
        await using var mesh = await StartAsync(r =>
        {
            r.RequestMirrorPolicies.Clear();
            r.RequestMirrorPolicies.Add(new RouteAction.Types.RequestMirrorPolicy { Cluster = "missing" });
            r.RequestMirrorPolicies.Add(new RouteAction.Types.RequestMirrorPolicy { Cluster = "dead" });
            r.RequestMirrorPolicies.Add(new RouteAction.Types.RequestMirrorPolicy
            {
                Cluster = "shadow",
                RuntimeFraction = new() { DefaultValue = new() { Numerator = 0 } },
            });
        });
        Assert.Equal((HttpStatusCode.OK, "main "), await mesh.GetAsync());
        Assert.False(_seen.Reader.TryRead(out _));
    }

    [Fact]
    public async Task A_large_body_passes_without_a_copy_and_is_counted()
    {
        await using var mesh = await StartAsync(_ => { });
        var large = new string('x', ReplayBody.Largest + 1);
        using var request = new HttpRequestMessage(HttpMethod.Post, mesh.At()) { Content = new StringContent(large) };
        using var response = await mesh.SendAsync(request);
        Assert.Equal("main " + large, await response.Content.ReadAsStringAsync(Cancellation));
        var (_, metrics) = await mesh.AdminAsync("/stats/prometheus");
        Assert.Contains("envoy_cluster_retry_or_shadow_abandoned{envoy_cluster_name=\"c\"} 1\n", metrics, StringComparison.Ordinal);
        Assert.False(_seen.Reader.TryRead(out _));
    }

    private async Task<Mesh> StartAsync(Action<RouteAction> change)
    {
        var mesh = await Mesh.StartAsync();
        var main = await mesh.ServeAsync(async context =>
            await context.Response.WriteAsync("main " + await new StreamReader(context.Request.Body).ReadToEndAsync(context.RequestAborted)));
        var shadow = await mesh.ServeAsync(async context =>
        {
            var request = context.Request;
            var body = await new StreamReader(request.Body).ReadToEndAsync(context.RequestAborted);
            _seen.Writer.TryWrite($"{request.Method} {request.Path}{request.QueryString} {request.Host} {request.Headers["x-a"]} {body}");
            context.Response.StatusCode = 500;
        });
        var routes = Resources.Routes("r", Resources.To("c", r =>
        {
            r.Route_.RequestMirrorPolicies.Add(new RouteAction.Types.RequestMirrorPolicy { Cluster = "shadow" });
            change(r.Route_);
        }));
        await mesh.RouteAsync(routes, ("c", main), ("shadow", shadow), ("dead", new IPEndPoint(IPAddress.Loopback, 1)));
        return mesh;
    }
}
