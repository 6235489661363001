using System.Net;
using Envoy.Config.Core.V3;
using Envoy.Config.Route.V3;
using Envoy.Extensions.Filters.Http.Cors.V3;
using Envoy.Extensions.Filters.Network.HttpConnectionManager.V3;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using CorsPolicy = Envoy.Extensions.Filters.Http.Cors.V3.CorsPolicy;
using HttpFilter = Envoy.Extensions.Filters.Network.HttpConnectionManager.V3.HttpFilter;
using LocalRateLimit = Envoy.Extensions.Filters.Http.LocalRatelimit.V3.LocalRateLimit;

namespace Weft.Tests.Proxy;

/// <summary>The filters before the router, end to end.</summary>
public sealed class FilterTests
{
    private const string CorsName = "envoy.filters.http.cors";
    private const string LimitName = "envoy.filters.http.local_ratelimit";

    [Fact]
    public void A_bucket_is_full_at_first_and_fills_steadily()
    {
        var now = DateTimeOffset.UnixEpoch;
        var bucket = new Weft.Proxy.Filters.TokenBucket(2, perSecond: 0.5);
        Assert.Equal("++-", Take("0 0 1"));
        Assert.Equal("+-", Take("2 3"));
        // A pause of any length fills it once; a clock that goes back fills nothing.
        Assert.Equal("++--", Take("1000 1000 1000 1"));

        string Take(string seconds) => string.Concat(seconds.Split(' ').Select(s =>
            bucket.TryTake(now.AddSeconds(int.Parse(s, System.Globalization.CultureInfo.InvariantCulture))) ? '+' : '-'));
    }

    [Fact]
    public async Task A_request_too_many_is_refused_where_the_listener_or_the_route_says()
    {
        await using var mesh = await StartAsync(
            Filter(LimitName, Limit(1)),
            With(Resources.Answer("own", m => m.Prefix = "/own"), LimitName, Limit(2)),
            With(Resources.Answer("free", m => m.Prefix = "/free"), LimitName, new FilterConfig { Disabled = true }),
            Resources.Answer("all"));
        Assert.Equal((HttpStatusCode.OK, "all"), await mesh.GetAsync());
        using var refused = await mesh.SendAsync(new HttpRequestMessage(HttpMethod.Get, mesh.At()));
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.Equal("local_rate_limited", await refused.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal(["yes"], refused.Headers.GetValues("x-limited"));
        Assert.Equal(HttpStatusCode.OK, (await mesh.GetAsync("/own")).Status);
        Assert.Equal(HttpStatusCode.OK, (await mesh.GetAsync("/own")).Status);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await mesh.GetAsync("/own")).Status);
        Assert.Equal(HttpStatusCode.OK, (await mesh.GetAsync("/free")).Status);
        Assert.Equal(HttpStatusCode.OK, (await mesh.GetAsync("/free")).Status);

        var (_, metrics) = await mesh.AdminAsync("/stats/prometheus");
        Assert.Contains("envoy_http_local_rate_limit_enforced{envoy_local_http_ratelimit_prefix=\"limit\"} 2\n", metrics, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_page_of_another_origin_learns_what_it_may()
    {
        var policy = new CorsPolicy
        {
            AllowOriginStringMatch = { new Envoy.Type.Matcher.V3.StringMatcher { SafeRegex = new() { Regex = @"https://.*\.shop" } } },
            AllowMethods = "GET, POST",
            AllowHeaders = "x-a",
            ExposeHeaders = "x-b",
            MaxAge = "60",
            AllowCredentials = true,
        };
        await using var mesh = await StartAsync(
            Filter(CorsName, new Cors()), With(Resources.Answer("page"), CorsName, policy));

        using var preflight = await SendAsync(mesh, HttpMethod.Options, "https://www.shop", ("access-control-request-method", "POST"));
        Assert.Equal(
            "OK https://www.shop true GET, POST x-a 60 -",
            $"{preflight.StatusCode} {Header(preflight, "allow-origin")} {Header(preflight, "allow-credentials")} {Header(preflight, "allow-methods")} {Header(preflight, "allow-headers")} {Header(preflight, "max-age")} {Header(preflight, "expose-headers")}");
        Assert.Equal("", await preflight.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));

        using var real = await SendAsync(mesh, HttpMethod.Get, "https://www.shop");
        Assert.Equal(
            "https://www.shop true x-b -",
            $"{Header(real, "allow-origin")} {Header(real, "allow-credentials")} {Header(real, "expose-headers")} {Header(real, "allow-methods")}");

        using var other = await SendAsync(mesh, HttpMethod.Get, "https://elsewhere");
        Assert.Equal("-", Header(other, "allow-origin"));
        using var otherPreflight = await SendAsync(mesh, HttpMethod.Options, "https://elsewhere", ("access-control-request-method", "POST"));
        Assert.Equal("page", await otherPreflight.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    private static string Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues($"access-control-{name}", out var values) ? string.Join('|', values) : "-";

    private static Task<HttpResponseMessage> SendAsync(
        Mesh mesh, HttpMethod method, string origin, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(method, mesh.At());
        request.Headers.Add("origin", origin);
        foreach (var (name, value) in headers)
        {
            request.Headers.Add(name, value);
        }

        return mesh.SendAsync(request);
    }

    private static LocalRateLimit Limit(uint most) => new()
    {
        StatPrefix = "limit",
        TokenBucket = new() { MaxTokens = most, FillInterval = new() { Seconds = 3600 } },
        FilterEnabled = new() { DefaultValue = new() { Numerator = 100 } },
        FilterEnforced = new() { DefaultValue = new() { Numerator = 100 } },
        ResponseHeadersToAdd = { new HeaderValueOption { Header = new() { Key = "x-limited", Value = "yes" } } },
    };

    private static HttpFilter Filter(string name, IMessage config) => new() { Name = name, TypedConfig = Any.Pack(config) };

    private static Route With(Route route, string name, IMessage config)
    {
        route.TypedPerFilterConfig[name] = Any.Pack(config);
        return route;
    }

    private static async Task<Mesh> StartAsync(HttpFilter filter, params Route[] routes)
    {
        var mesh = await Mesh.StartAsync();
        var manager = new HttpConnectionManager
        {
            Rds = new() { ConfigSource = Resources.Ads, RouteConfigName = "r" },
            HttpFilters = { filter },
        };
        mesh.Plane.Apply(Resources.Listener("l", manager), Resources.Routes("r", routes));
        await mesh.UntilAsync(s => s.Ready && s.Listeners.Any(l => l.Name == "l"));
        return mesh;
    }
}
