using Envoy.Config.Route.V3;
using Google.Protobuf;
using Weft.Preview;

namespace Weft.Tests.Preview;

public sealed class RouteExplanationTests
{
    private const string Table = """
        {
          "name": "outbound",
          "virtual_hosts": [{
            "name": "reviews", "domains": ["reviews"],
            "routes": [
              {"name": "canary", "match": {"prefix": "/", "headers": [{"name": "x-tag", "string_match": {"exact": "canary"}}]}, "route": {"cluster": "c"}},
              {"name": "share", "match": {"prefix": "/", "runtime_fraction": {"default_value": {"numerator": 10}}}, "route": {"cluster": "s"}},
              {"name": "small", "match": {"prefix": "/", "runtime_fraction": {"default_value": {"numerator": 5}}}, "route": {"cluster": "s"}},
              {"name": "more", "match": {"prefix": "/", "runtime_fraction": {"default_value": {"numerator": 300000, "denominator": "MILLION"}}}, "route": {"cluster": "s"}},
              {"name": "all", "match": {"prefix": "/"}, "route": {"cluster": "a"}},
              {"name": "late", "match": {"prefix": "/"}, "route": {"cluster": "l"}}
            ]
          }]
        }
        """;

    private static readonly RouteConfiguration Routes = JsonParser.Default.Parse<RouteConfiguration>(Table);

    [Fact]
    public void Each_route_is_told_with_its_share_and_why_it_does_not_take_the_rest()
    {
        var explanation = RouteExplanation.Of(Routes, RouteRequest.Get("reviews", "/"));
        Assert.Equal(
            [
                ("canary", RouteVerdict.Misses, 0), ("share", RouteVerdict.Takes, 0.1), ("small", RouteVerdict.Loses, 0),
                ("more", RouteVerdict.Takes, 0.2), ("all", RouteVerdict.Takes, 0.7), ("late", RouteVerdict.Loses, 0),
            ],
            explanation.Steps.Select(s => (s.Route.Name, s.Verdict, Math.Round(s.Share, 6))));
        var against = Assert.Single(explanation.Steps[0].Against);
        Assert.Equal(("header x-tag is canary", "there is none"), (against.Words, against.Found));
        Assert.Equal(0, explanation.Left, 6);
    }

    [Theory]
    [InlineData(0, "share")]
    [InlineData(0.0999, "share")]
    [InlineData(0.1, "more")]
    [InlineData(0.2999, "more")]
    [InlineData(0.3, "all")]
    [InlineData(0.9999, "all")]
    public void One_throw_of_the_dice_decides_about_all_shares(double dice, string route)
    {
        Assert.Equal(route, RouteExplanation.Of(Routes, RouteRequest.Get("reviews", "/")).Winner(dice)?.Name);
    }

    [Fact]
    public void The_first_route_that_fits_takes_all()
    {
        var explanation = RouteExplanation.Of(Routes, RouteRequest.Get("reviews", "/", ("x-tag", "canary")));
        Assert.Equal("canary", Assert.Single(explanation.Takers).Route.Name);
        Assert.Equal("canary", explanation.Winner(0.5)?.Name);
    }

    [Fact]
    public void A_host_that_nobody_has_and_a_path_that_no_route_takes_are_left()
    {
        Assert.Null(RouteExplanation.Of(Routes, RouteRequest.Get("nobody", "/")).Choice);
        var only = new RouteConfiguration
        {
            VirtualHosts = { new VirtualHost { Domains = { "*" }, Routes = { new Envoy.Config.Route.V3.Route { Match = new() { Path = "/a" } } } } },
        };
        Assert.Equal(1, RouteExplanation.Of(only, RouteRequest.Get("x", "/b")).Left);
    }
}
