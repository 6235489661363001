using Envoy.Config.Route.V3;
using Microsoft.AspNetCore.Http;
using Weft.Proxy.Routing;
using RouteAction = Weft.Proxy.Routing.RouteAction;

namespace Weft.Tests.Proxy;

public sealed class RouteTableTests
{
    [Theory]
    [InlineData("reviews", "exact")]
    [InlineData("REVIEWS", "exact")]
    [InlineData("reviews:9080", "exact with port")]
    [InlineData("reviews:80", "prefix r")]
    [InlineData("www.foo.com", "suffix foo.com")]
    [InlineData("a.bar.foo.com", "suffix bar.foo.com")]
    [InlineData(".foo.com", "any")]
    [InlineData("ratings", "prefix ra")]
    [InlineData("rest", "prefix r")]
    [InlineData("r", "any")]
    [InlineData("", "any")]
    [InlineData("r.foo.com", "suffix foo.com")]
    public void A_host_is_searched_in_the_order_of_Envoy(string host, string expected)
    {
        var table = Resources.Compile(new RouteConfiguration
        {
            VirtualHosts =
            {
                Host("any", "*"),
                Host("prefix r", "r*"),
                Host("prefix ra", "ra*"),
                Host("suffix foo.com", "*.foo.com"),
                Host("suffix bar.foo.com", "*.bar.foo.com"),
                Host("exact", "Reviews"),
                Host("exact with port", "reviews:9080"),
            },
        });
        Assert.Equal(expected, table.HostOf(host)?.Name);
    }

    [Theory]
    [InlineData("reviews:9080", "reviews")]
    [InlineData("reviews:x", null)]
    [InlineData("[::1]:80", "[::1]")]
    [InlineData("[::1]", "[::1]")]
    public void Ports_can_be_ignored(string host, string? expected)
    {
        var table = Resources.Compile(new RouteConfiguration
        {
            IgnorePortInHostMatching = true,
            VirtualHosts = { Host("reviews", "reviews"), Host("[::1]", "[::1]") },
        });
        Assert.Equal(expected, table.HostOf(host)?.Name);
    }

    [Theory]
    [InlineData("/exact", "exact")]
    [InlineData("/exact?x=/segments", "exact")]
    [InlineData("/exact/", "rest")]
    [InlineData("/segments", "segments")]
    [InlineData("/segments/a", "segments")]
    [InlineData("/segments#a", "segments")]
    [InlineData("/segmentsa", "rest")]
    [InlineData("/pre", "prefix")]
    [InlineData("/prefix", "prefix")]
    [InlineData("/Prefix", "rest")]
    [InlineData("/ANY/case", "any case")]
    [InlineData("*", null)]
    public void Paths_match_without_their_query(string target, string? expected)
    {
        var table = Table(
            Resources.Answer("exact", m => m.Path = "/exact"),
            Resources.Answer("segments", m => m.PathSeparatedPrefix = "/segments"),
            Resources.Answer("prefix", m => m.Prefix = "/pre"),
            Resources.Answer("any case", m => (m.Prefix, m.CaseSensitive) = ("/any", false)),
            Resources.Answer("rest"));
        Assert.Equal(expected, Find(table, target));
    }

    [Theory]
    [InlineData("GET", "end-user: jason", "jason")]
    [InlineData("GET", "End-User: Jason", "anybody")]
    [InlineData("GET", "end-user: ", "anybody")]
    [InlineData("POST", "", "post")]
    [InlineData("GET", "content-type: application/grpc+proto", "grpc")]
    [InlineData("GET", "content-type: application/grpc", "grpc")]
    [InlineData("GET", "content-type: application/grpc-web", "rest")]
    [InlineData("GET", "content-type: application/grpc;x=1", "rest")]
    [InlineData("GET", "content-type: Application/grpc", "rest")]
    [InlineData("GET", "x-version: v2-beta", "v2")]
    [InlineData("GET", "x-version: v1", "not absent")]
    [InlineData("GET", "", "rest")]
    public void All_headers_must_fit(string method, string header, string expected)
    {
        var table = Table(
            Resources.Answer("jason", m => m.Headers.Add(Exact("end-user", "jason"))),
            Resources.Answer("anybody", m => m.Headers.Add(new HeaderMatcher { Name = "End-User", PresentMatch = true })),
            Resources.Answer("post", m => m.Headers.Add(Exact(":method", "POST"))),
            Resources.Answer("grpc", m => m.Grpc = new()),
            Resources.Answer("v2", m => m.Headers.Add(new HeaderMatcher
            {
                Name = "x-version",
                StringMatch = new() { Prefix = "V2", IgnoreCase = true },
            })),
            Resources.Answer("not absent", m => m.Headers.Add(new HeaderMatcher
            {
                Name = "x-version",
                PresentMatch = false,
                InvertMatch = true,
            })),
            Resources.Answer("rest"));
        Assert.Equal(expected, Find(table, "/", method, header));
    }

    [Theory]
    [InlineData("/v1/users?x", "regex")]
    [InlineData("/v1/users/", "rest")]
    [InlineData("/x?a=1", "exact")]
    [InlineData("/x?a=2&a=1", "rest")]
    [InlineData("/x?a=%31", "rest")]
    [InlineData("/x?b=version-7", "pattern")]
    [InlineData("/x?b=version-7x", "rest")]
    [InlineData("/x?c", "present")]
    [InlineData("/x?c=#c", "present")]
    [InlineData("/x#?a=1", "rest")]
    [InlineData("/absent?d=1", "rest")]
    [InlineData("/absent?&=&e", "absent")]
    public void Patterns_and_query_parameters_are_conditions(string target, string expected)
    {
        var table = Table(
            Resources.Answer("regex", m => m.SafeRegex = new() { Regex = "/v[0-9]+/[a-z]+" }),
            Resources.Answer("exact", m => m.QueryParameters.Add(new QueryParameterMatcher { Name = "a", StringMatch = new() { Exact = "1" } })),
            Resources.Answer("pattern", m => m.QueryParameters.Add(
                new QueryParameterMatcher { Name = "b", StringMatch = new() { SafeRegex = new() { Regex = "version-[0-9]" } } })),
            Resources.Answer("present", m => m.QueryParameters.Add(new QueryParameterMatcher { Name = "c", PresentMatch = true })),
            Resources.Answer("absent", m =>
            {
                m.Prefix = "/absent";
                m.QueryParameters.Add(new QueryParameterMatcher { Name = "d", PresentMatch = false });
            }),
            Resources.Answer("rest"));
        Assert.Equal(expected, Find(table, target));
    }

    [Theory]
    [InlineData("x-size: 10", "range")]
    [InlineData("x-size: 19", "range")]
    [InlineData("x-size: 20", "rest")]
    [InlineData("x-size: 9", "rest")]
    [InlineData("x-size: 1e1", "rest")]
    [InlineData("", "rest")]
    [InlineData("end-user: user-12", "pattern")]
    [InlineData("end-user: a user-12", "rest")]
    public void Headers_fit_ranges_and_patterns(string header, string expected)
    {
        var table = Table(
            Resources.Answer("range", m => m.Headers.Add(new HeaderMatcher { Name = "x-size", RangeMatch = new() { Start = 10, End = 20 } })),
            Resources.Answer("pattern", m => m.Headers.Add(
                new HeaderMatcher { Name = "end-user", StringMatch = new() { SafeRegex = new() { Regex = "user-[0-9]+" } } })),
            Resources.Answer("rest"));
        Assert.Equal(expected, Find(table, "/", header: header));
    }

    [Theory]
    [InlineData("a b", "one")]
    [InlineData("b a", "one")]
    [InlineData("b", "not one")]
    [InlineData("b c", "not one")]
    [InlineData("a,b", "not one")]
    [InlineData("", "no other")]
    [InlineData("other", "rest")]
    [InlineData("b other", "rest")]
    public void Each_value_of_a_header_counts_and_an_absent_one_fits_no_comparison(string values, string expected)
    {
        var inverted = Exact("x", "other");
        inverted.InvertMatch = true;
        var absentAsEmpty = inverted.Clone();
        absentAsEmpty.TreatMissingHeaderAsEmpty = true;
        var table = Table(
            Resources.Answer("one", m => m.Headers.Add(Exact("x", "a"))),
            Resources.Answer("not one", m => m.Headers.Add(inverted)),
            Resources.Answer("no other", m => m.Headers.Add(absentAsEmpty)),
            Resources.Answer("rest"));
        var headers = new HeaderDictionary();
        if (values.Length > 0)
        {
            headers["x"] = values.Split(' ');
        }

        Assert.Equal(expected, Body(table.Find(RequestFacts.Of("GET", "host", "/", headers), 0)));
    }

    [Theory]
    [InlineData(0.0, "some")]
    [InlineData(0.2499, "some")]
    [InlineData(0.25, "rest")]
    public void A_route_can_take_a_fraction(double dice, string expected)
    {
        var table = Table(
            Resources.Answer("some", m => m.RuntimeFraction = new() { DefaultValue = new() { Numerator = 25 } }),
            Resources.Answer("rest"));
        Assert.Equal(expected, Find(table, "/", dice: dice));
    }

    [Fact]
    public void Weights_decide_on_which_cluster_the_dice_fall()
    {
        var table = Table(Resources.Split(("a", 0), ("b", 1), ("c", 3), ("d", 0), ("e", 4)));
        var forward = Assert.IsType<RouteAction.Forward>(table.HostOf("x")!.Routes[0].Action);
        Assert.Equal(
            ["b", "c", "c", "c", "e", "e", "e", "e"],
            Enumerable.Range(0, 8).Select(i => forward.Pick(i / 8.0).Cluster));
        Assert.Equal("e", forward.Pick(Math.BitDecrement(1.0)).Cluster);
    }

    [Theory]
    [InlineData(null, null, null, 15)]
    [InlineData(0, null, null, null)]
    [InlineData(3, 2, null, 3)]
    [InlineData(0, 0, 7, null)]
    public void A_route_bounds_requests_and_tries(int? timeout, int? perTry, int? duration, int? expected)
    {
        var table = Table(Resources.To("a", r =>
        {
            r.Route_.Timeout = Seconds(timeout);
            r.Route_.RetryPolicy = perTry is null ? null : new() { PerTryTimeout = Seconds(perTry) };
            r.Route_.MaxStreamDuration = duration is null ? null : new() { MaxStreamDuration_ = Seconds(duration) };
        }));
        var forward = Assert.IsType<RouteAction.Forward>(table.HostOf("x")!.Routes[0].Action);
        Assert.Equal(expected, forward.Timeout?.TotalSeconds);
        Assert.Equal(perTry is null or 0 ? null : perTry, forward.Retry?.PerTry?.TotalSeconds);
        Assert.Equal(duration, forward.MaxDuration?.TotalSeconds);
    }

    private static Google.Protobuf.WellKnownTypes.Duration? Seconds(int? seconds) =>
        seconds is { } value ? new() { Seconds = value } : null;

    private static HeaderMatcher Exact(string name, string value) =>
        new() { Name = name, StringMatch = new() { Exact = value } };

    private static Envoy.Config.Route.V3.VirtualHost Host(string name, string domain) =>
        new() { Name = name, Domains = { domain } };

    private static RouteTable Table(params Route[] routes) => Resources.Compile(Resources.Routes("r", routes));

    private static string? Find(RouteTable table, string target, string method = "GET", string header = "", double dice = 0)
    {
        var headers = new HeaderDictionary();
        if (header.Split(": ") is [var name, var value])
        {
            headers[name] = value;
        }

        var request = RequestFacts.Of(method, "host", target, headers);
        return Body(table.Find(request, dice));
    }

    private static string? Body(RouteEntry? route) => (route?.Action as RouteAction.Direct)?.Body;
}
