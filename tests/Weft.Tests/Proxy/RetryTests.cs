using System.Globalization;
using System.Net;
using System.Text;
using Envoy.Config.Route.V3;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;
using Weft.Proxy.Forwarding;
using Weft.Xds;

namespace Weft.Tests.Proxy;

/// <summary>Tries and tries again, end to end.</summary>
public sealed class RetryTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_request_is_sent_again_with_its_body_until_it_succeeds()
    {
        await using var mesh = await Mesh.StartAsync();
        var flaky = await mesh.ServeAsync(async context =>
        {
            var body = await new StreamReader(context.Request.Body).ReadToEndAsync(context.RequestAborted);
            var attempt = int.Parse(context.Request.Headers["x-envoy-attempt-count"]!, CultureInfo.InvariantCulture);
            context.Response.StatusCode = attempt < 3 ? 503 : 200;
            context.Response.Headers["x-failed"] = attempt < 3 ? "yes" : default;
            await context.Response.WriteAsync($"{attempt} {body}");
        });
        await RouteAsync(mesh, flaky, p => p.NumRetries = 2);

        using var request = new HttpRequestMessage(HttpMethod.Post, mesh.At()) { Content = new StringContent("the body") };
        using var response = await mesh.SendAsync(request);
        Assert.Equal("3 the body", await response.Content.ReadAsStringAsync(Cancellation));
        Assert.False(response.Headers.Contains("x-failed"));
        var metrics = await MetricsAsync(mesh);
        Assert.Equal(
            (3, 2, 1, 0),
            (metrics["upstream_rq_total"], metrics["upstream_rq_retry"], metrics["upstream_rq_retry_success"], metrics["upstream_rq_retry_limit_exceeded"]));
    }

    [Fact]
    public async Task The_last_answer_stands_when_the_tries_are_used_up()
    {
        await using var mesh = await Mesh.StartAsync();
        var broken = await mesh.ServeAsync(context =>
        {
            context.Response.StatusCode = 500;
            return context.Response.WriteAsync(context.Request.Headers["x-envoy-attempt-count"].ToString());
        });
        await RouteAsync(mesh, broken, _ => { });
        Assert.Equal((HttpStatusCode.InternalServerError, "2"), await mesh.GetAsync());
        var metrics = await MetricsAsync(mesh);
        Assert.Equal(
            (1, 0, 1),
            (metrics["upstream_rq_retry"], metrics["upstream_rq_retry_success"], metrics["upstream_rq_retry_limit_exceeded"]));
    }

    [Fact]
    public async Task A_broken_connection_is_tried_again_elsewhere()
    {
        await using var mesh = await Mesh.StartAsync();
        var good = await mesh.ServeAsync("good");
        var bad = await mesh.ServeAsync(context =>
        {
            context.Abort();
            return Task.CompletedTask;
        });
        await RouteAsync(mesh, good, p =>
        {
            p.RetryOn = "reset";
            p.RetryHostPredicate.Add(new RetryPolicy.Types.RetryHostPredicate { Name = "envoy.retry_host_predicates.previous_hosts" });
            p.HostSelectionRetryMaxAttempts = 5;
        });
        var version = mesh.Plane.Apply(Resources.Endpoints("c", good, bad));
        await mesh.InUseAsync(TypeUrl.Endpoints, "c", version);
        for (var i = 0; i < 4; i++)
        {
            Assert.Equal((HttpStatusCode.OK, "good"), await mesh.GetAsync());
        }
    }

    [Fact]
    public async Task A_body_that_is_too_large_is_sent_once_and_counted()
    {
        await using var mesh = await Mesh.StartAsync();
        var broken = await mesh.ServeAsync(async context =>
        {
            await context.Request.Body.CopyToAsync(Stream.Null, context.RequestAborted);
            context.Response.StatusCode = 500;
            await context.Response.WriteAsync(context.Request.Headers["x-envoy-attempt-count"].ToString());
        });
        await RouteAsync(mesh, broken, _ => { });
        using var request = new HttpRequestMessage(HttpMethod.Post, mesh.At()) { Content = new ByteArrayContent(new byte[ReplayBody.Largest + 1]) };
        using var response = await mesh.SendAsync(request);
        Assert.Equal("1", await response.Content.ReadAsStringAsync(Cancellation));
        var metrics = await MetricsAsync(mesh);
        Assert.Equal((0, 1), (metrics["upstream_rq_retry"], metrics["retry_or_shadow_abandoned"]));
    }

    [Fact]
    public async Task A_try_that_takes_too_long_is_given_up_and_the_next_one_answers()
    {
        var time = new FakeTimeProvider();
        var arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var mesh = await Mesh.StartAsync(time, dice: () => 0);
        var slowOnce = await mesh.ServeAsync(async context =>
        {
            if (context.Request.Headers["x-envoy-attempt-count"] == "1")
            {
                arrived.SetResult();
                await Task.Delay(Timeout.Infinite, context.RequestAborted);
            }

            await context.Response.WriteAsync("second");
        });
        await RouteAsync(mesh, slowOnce, p => p.PerTryTimeout = new() { Seconds = 2 });
        var pending = mesh.GetAsync();
        await arrived.Task.WaitAsync(Cancellation);
        time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal((HttpStatusCode.OK, "second"), await pending);
        var metrics = await MetricsAsync(mesh);
        Assert.Equal((1, 0), (metrics["upstream_rq_per_try_timeout"], metrics["upstream_rq_timeout"]));
    }

    [Fact]
    public async Task The_deadline_of_the_request_ends_all_tries()
    {
        var time = new FakeTimeProvider();
        var arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var mesh = await Mesh.StartAsync(time);
        var slow = await mesh.ServeAsync(async context =>
        {
            arrived.TrySetResult();
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        });
        await RouteAsync(mesh, slow, _ => { });
        var pending = mesh.GetAsync();
        await arrived.Task.WaitAsync(Cancellation);
        time.Advance(TimeSpan.FromSeconds(15));
        Assert.Equal((HttpStatusCode.GatewayTimeout, "upstream request timeout"), await pending);
        var metrics = await MetricsAsync(mesh);
        Assert.Equal((0, 1), (metrics["upstream_rq_retry"], metrics["upstream_rq_timeout"]));
    }

    [Fact]
    public async Task A_kept_body_reads_the_same_however_it_is_split()
    {
        var bytes = Enumerable.Range(0, 10_000).Select(i => (byte)i).ToArray();
        var random = new Random(1);
        var whole = 0;
        var body = new ReplayBody(new MemoryStream(bytes), null, () => Assert.Fail("not too large"));
        body.WhenWhole(kept =>
        {
            whole++;
            Assert.True(kept.Span.SequenceEqual(bytes));
        });
        for (var turn = 0; turn < 20; turn++)
        {
            body.Rewind();
            var seen = new MemoryStream();
            var buffer = new byte[3000];
            // Most turns give up midway, as a failed try does.
            for (int read, reads = random.Next(1, 30); reads > 0; reads--)
            {
                read = await body.ReadAsync(buffer.AsMemory(0, random.Next(1, buffer.Length)), Cancellation);
                seen.Write(buffer.AsSpan(0, read));
            }

            Assert.True(seen.ToArray().AsSpan().SequenceEqual(bytes.AsSpan(0, (int)seen.Length)));
        }

        Assert.Equal(1, whole);
        Assert.True(body.CanReplay);
    }

    [Fact]
    public async Task A_body_beyond_the_bound_is_told_once_and_read_to_its_end()
    {
        var told = 0;
        var bytes = Encoding.ASCII.GetBytes(new string('x', ReplayBody.Largest + 5));
        var body = new ReplayBody(new MemoryStream(bytes), null, () => told++);
        body.WhenWhole(_ => Assert.Fail("too large"));
        using var seen = new MemoryStream();
        await body.CopyToAsync(seen, 1000, Cancellation);
        Assert.Equal((bytes.Length, 1, false), ((int)seen.Length, told, body.CanReplay));
    }

    private static async Task RouteAsync(Mesh mesh, IPEndPoint service, Action<RetryPolicy> change)
    {
        var routes = Resources.Routes("r", Resources.To("c", r =>
        {
            r.Route_.RetryPolicy = new() { RetryOn = "5xx", RetryBackOff = new() { BaseInterval = new() { Nanos = 1_000_000 } } };
            change(r.Route_.RetryPolicy);
        }));
        routes.VirtualHosts[0].IncludeRequestAttemptCount = true;
        await mesh.RouteAsync(routes, ("c", service));
    }

    private static async Task<Dictionary<string, int>> MetricsAsync(Mesh mesh)
    {
        var (_, text) = await mesh.AdminAsync("/stats/prometheus");
        return text.Split('\n')
            .Where(l => l.StartsWith("envoy_cluster_", StringComparison.Ordinal) && l.Contains("{envoy_cluster_name=\"c\"}", StringComparison.Ordinal)
                && !l.Contains("_rq_time_", StringComparison.Ordinal))
            .ToDictionary(
                l => l["envoy_cluster_".Length..l.IndexOf('{', StringComparison.Ordinal)],
                l => int.Parse(l[(l.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture));
    }
}
