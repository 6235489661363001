using System.Net;
using Envoy.Config.Route.V3;
using Microsoft.AspNetCore.Http;
using Weft.Proxy.Routing;
using Code = Envoy.Config.Route.V3.RedirectAction.Types.RedirectResponseCode;
using RouteAction = Weft.Proxy.Routing.RouteAction;

namespace Weft.Tests.Proxy;

public sealed class RedirectTests
{
    [Theory]
    [InlineData("""{"httpsRedirect":true}""", "foo.com:80", "https://foo.com/red/a?x=1")]
    [InlineData("""{"httpsRedirect":true}""", "foo.com:8080", "https://foo.com:8080/red/a?x=1")]
    [InlineData("""{"httpsRedirect":true}""", "[::1]:80", "https://[::1]/red/a?x=1")]
    [InlineData("""{"httpsRedirect":true,"portRedirect":8443}""", "foo.com:8080", "https://foo.com:8443/red/a?x=1")]
    [InlineData("""{"schemeRedirect":"http"}""", "foo.com:80", "http://foo.com:80/red/a?x=1")]
    [InlineData("""{"hostRedirect":"new.com"}""", "foo.com:80", "http://new.com/red/a?x=1")]
    [InlineData("""{"pathRedirect":"/p"}""", "foo.com", "http://foo.com/p?x=1")]
    [InlineData("""{"pathRedirect":"/p?y=2"}""", "foo.com", "http://foo.com/p?y=2")]
    [InlineData("""{"pathRedirect":"/p?y=2","stripQuery":true}""", "foo.com", "http://foo.com/p?y=2")]
    [InlineData("""{"pathRedirect":"/p","stripQuery":true}""", "foo.com", "http://foo.com/p")]
    [InlineData("""{"prefixRewrite":"/new"}""", "foo.com", "http://foo.com/new/a?x=1")]
    [InlineData("""{"prefixRewrite":"/new","stripQuery":true}""", "foo.com", "http://foo.com/new/a")]
    [InlineData("""{"regexRewrite":{"pattern":{"regex":"/red/(.*)"},"substitution":"/\\1/b"}}""", "foo.com", "http://foo.com/a/b?x=1")]
    public void The_location_is_that_of_Envoy(string action, string host, string location)
    {
        var route = new Route { Match = new() { Prefix = "/red" }, Redirect = RedirectAction.Parser.ParseJson(action) };
        var table = Resources.Compile(Resources.Routes("r", route));
        var request = RequestFacts.Of("GET", host, "/red/a?x=1", new HeaderDictionary());
        var found = table.Find(request, 0)!;
        var redirect = Assert.IsType<RouteAction.Redirect>(found.Action);
        Assert.Equal(location, redirect.Target.Location(request, found.Match.Path));
    }

    [Theory]
    [InlineData(Code.MovedPermanently, 301)]
    [InlineData(Code.Found, 302)]
    [InlineData(Code.SeeOther, 303)]
    [InlineData(Code.TemporaryRedirect, 307)]
    [InlineData(Code.PermanentRedirect, 308)]
    public async Task A_caller_is_sent_elsewhere(Code code, int status)
    {
        await using var mesh = await Mesh.StartAsync(followRedirects: false);
        var route = new Route
        {
            Match = new() { Prefix = "/" },
            Redirect = new() { HostRedirect = "elsewhere", ResponseCode = code },
            ResponseHeadersToAdd = { new Envoy.Config.Core.V3.HeaderValueOption { Header = new() { Key = "x-by", Value = "weft" } } },
        };
        await mesh.RouteAsync(Resources.Routes("r", route));
        using var response = await mesh.SendAsync(new HttpRequestMessage(HttpMethod.Get, mesh.At("/a")));
        Assert.Equal((HttpStatusCode)status, response.StatusCode);
        Assert.Equal("http://elsewhere/a", response.Headers.Location?.ToString());
        Assert.Equal(["weft"], response.Headers.GetValues("x-by"));
    }
}
