using Weft.Proxy.Routing;
using RetryPolicy = Envoy.Config.Route.V3.RetryPolicy;
using RouteAction = Weft.Proxy.Routing.RouteAction;

namespace Weft.Tests.Proxy;

public sealed class RetryPolicyTests
{
    [Theory]
    [InlineData("5xx", "500 503 599")]
    [InlineData("gateway-error", "503")]
    [InlineData("retriable-4xx", "409")]
    [InlineData("retriable-status-codes", "418")]
    [InlineData("connect-failure,refused-stream,reset", "")]
    [InlineData("gateway-error, retriable-4xx", "409 503")]
    public void Statuses_are_tried_again_as_asked(string on, string expected)
    {
        var policy = Policy(new() { RetryOn = on, RetriableStatusCodes = { 418 } });
        var statuses = new[] { 200, 302, 404, 409, 418, 500, 503, 599 };
        Assert.Equal(expected, string.Join(' ', statuses.Where(s => policy.Fits(s, null, false))));
    }

    [Theory]
    [InlineData("5xx", "ConnectFailure RefusedStream TryTimeout Reset")]
    [InlineData("gateway-error", "ConnectFailure RefusedStream TryTimeout Reset")]
    [InlineData("reset", "ConnectFailure RefusedStream TryTimeout Reset")]
    [InlineData("connect-failure", "ConnectFailure")]
    [InlineData("reset-before-request", "ConnectFailure")]
    [InlineData("refused-stream", "RefusedStream")]
    [InlineData("retriable-4xx,unavailable", "")]
    public void Failures_are_tried_again_as_asked(string on, string expected)
    {
        var policy = Policy(new() { RetryOn = on });
        Assert.Equal(expected, string.Join(' ', Enum.GetValues<ResetKind>().Where(policy.Fits)));
    }

    [Fact]
    public void GRPC_statuses_are_tried_again_as_asked()
    {
        var policy = Policy(new() { RetryOn = "cancelled,deadline-exceeded,internal,resource-exhausted,unavailable" });
        Assert.Equal([1, 4, 8, 13, 14], Enumerable.Range(0, 17).Where(s => policy.Fits(200, s, false)));
        Assert.False(Policy(new() { RetryOn = "5xx" }).Fits(200, 14, false));
    }

    [Fact]
    public void What_a_rate_limiter_said_is_only_tried_again_where_that_is_asked()
    {
        Assert.False(Policy(new() { RetryOn = "5xx" }).Fits(503, null, rateLimited: true));
        Assert.True(Policy(new() { RetryOn = "envoy-ratelimited" }).Fits(429, null, rateLimited: true));
    }

    [Fact]
    public void The_wait_doubles_up_to_ten_times_the_base_and_is_drawn()
    {
        var policy = Policy(new() { RetryOn = "5xx" });
        Assert.Equal((1, null, 1), (policy.Retries, policy.PerTry, policy.HostAttempts));
        var longest = Math.BitDecrement(1.0);
        Assert.Equal([25, 50, 100, 200, 250, 250], Enumerable.Range(1, 6).Select(i => Math.Round(policy.Delay(i, longest).TotalMilliseconds)));
        Assert.Equal(TimeSpan.Zero, policy.Delay(3, 0));
        Assert.Equal(12.5, policy.Delay(1, 0.5).TotalMilliseconds);
        Assert.InRange(policy.Delay(100, longest), TimeSpan.FromMilliseconds(249), TimeSpan.FromMilliseconds(250));

        var own = Policy(new() { RetryBackOff = new() { BaseInterval = new() { Nanos = 1000 } } });
        Assert.Equal((1, 10), (own.BaseDelay.TotalMilliseconds, own.MaxDelay.TotalMilliseconds));
    }

    private static Weft.Proxy.Routing.RetryPolicy Policy(RetryPolicy message)
    {
        var table = Resources.Compile(Resources.Routes("r", Resources.To("c", r => r.Route_.RetryPolicy = message)));
        return Assert.IsType<RouteAction.Forward>(table.HostOf("x")!.Routes[0].Action).Retry!;
    }
}
