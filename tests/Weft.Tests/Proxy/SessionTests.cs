using System.Net;
using Envoy.Extensions.Filters.Http.StatefulSession.V3;
using Envoy.Extensions.Filters.Network.HttpConnectionManager.V3;
using Envoy.Extensions.Http.StatefulSession.Cookie.V3;
using Google.Protobuf.WellKnownTypes;
using Microsoft.AspNetCore.Http;
using Weft.Proxy.Filters;
using Weft.Proxy.Routing;

namespace Weft.Tests.Proxy;

public sealed class SessionTests
{
    private static readonly IPEndPoint Reached = IPEndPoint.Parse("127.0.0.1:18999");

    /// <summary>The values are those of Envoy 1.40.</summary>
    [Theory]
    [InlineData("Cg8xMjcuMC4wLjE6MTg5OTkQj7WS2AY=", 1795463823L)]
    [InlineData("Cg8xMjcuMC4wLjE6MTg5OTk=", null)]
    public void A_cookie_is_that_of_Envoy(string value, long? end)
    {
        var ends = end is { } seconds ? DateTimeOffset.FromUnixTimeSeconds(seconds) : (DateTimeOffset?)null;
        Assert.Equal(value, SessionCookie.Write(Reached, ends));
        Assert.Equal(Reached, SessionCookie.Read(value, ends is not null, ends ?? default));
        if (ends is { } at)
        {
            Assert.Null(SessionCookie.Read(value, true, at.AddSeconds(1)));
        }
    }

    [Fact]
    public void Whatever_a_caller_writes_is_an_address_or_nothing()
    {
        var value = SessionCookie.Write(Reached, null);
        var bytes = Convert.FromBase64String(value);
        for (var i = 0; i < bytes.Length * 8; i++)
        {
            var changed = bytes.ToArray();
            changed[i / 8] ^= (byte)(1 << (i % 8));
            SessionCookie.Read(Convert.ToBase64String(changed), true, default);
            SessionCookie.Read(Convert.ToBase64String(bytes.AsSpan(0, i / 8)), true, default);
        }

        Assert.Null(SessionCookie.Read("", true, default));
        Assert.Null(SessionCookie.Read("%", true, default));
        Assert.Null(SessionCookie.Read(new string('A', 100_000), true, default));
    }

    [Theory]
    [InlineData("/", "/a", true)]
    [InlineData("/a", "/a/b", true)]
    [InlineData("/a", "/ab", false)]
    [InlineData("", "/ab", true)]
    public void A_cookie_counts_below_its_path(string path, string target, bool counts)
    {
        var cookie = new SessionAffinity.Cookie("s", TimeSpan.Zero, path, Strict: false);
        var headers = new HeaderDictionary { ["cookie"] = $"s=\"{SessionCookie.Write(Reached, null)}\"" };
        var found = cookie.Find(RequestFacts.Of("GET", "host", target, headers), default);
        Assert.Equal(counts ? Reached : null, found);
    }

    [Fact]
    public void A_header_holds_the_address_in_Base64()
    {
        var header = new SessionAffinity.Header("x-session", Strict: true);
        var response = new HeaderDictionary();
        header.Tell(null, Reached, response, default);
        Assert.Equal("MTI3LjAuMC4xOjE4OTk5", response["x-session"]);
        Assert.Equal(Reached, header.Find(RequestFacts.Of("GET", "host", "/", response), default));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_caller_stays_at_its_endpoint_while_that_is_there(bool strict)
    {
        await using var mesh = await Mesh.StartAsync(cookies: true);
        var services = new[] { await mesh.ServeAsync("a"), await mesh.ServeAsync("b"), await mesh.ServeAsync("c") };
        var cookie = new CookieBasedSessionState { Cookie = new() { Name = "sess", Path = "/" } };
        var manager = new HttpConnectionManager
        {
            Rds = new() { ConfigSource = Resources.Ads, RouteConfigName = "r" },
            HttpFilters =
            {
                new Envoy.Extensions.Filters.Network.HttpConnectionManager.V3.HttpFilter
                {
                    Name = "envoy.filters.http.stateful_session",
                    TypedConfig = Any.Pack(new StatefulSession
                    {
                        SessionState = new() { Name = "envoy.http.stateful_session.cookie", TypedConfig = Any.Pack(cookie) },
                        Strict = strict,
                    }),
                },
            },
        };
        mesh.Plane.Apply(
            Resources.Cluster("c"), Resources.Endpoints("c", services), Resources.Listener("l", manager),
            Resources.Routes("r", Resources.To("c")));
        await mesh.UntilAsync(s => s.Ready && s.Listeners.Any(l => l.Name == "l"));
        var first = (await mesh.GetAsync()).Body;
        for (var i = 0; i < 8; i++)
        {
            Assert.Equal((HttpStatusCode.OK, first), await mesh.GetAsync());
        }

        var others = services.Where((_, i) => "abc"[i] != first[0]).ToArray();
        await mesh.InUseAsync(Weft.Xds.TypeUrl.Endpoints, "c", mesh.Plane.Apply(Resources.Endpoints("c", others)));
        var (status, body) = await mesh.GetAsync();
        Assert.Equal(strict ? HttpStatusCode.ServiceUnavailable : HttpStatusCode.OK, status);
        Assert.NotEqual(first, body);
    }
}
