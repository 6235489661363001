using System.IO.Hashing;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;
using Weft.Proxy.Routing;
using RouteAction = Envoy.Config.Route.V3.RouteAction;

namespace Weft.Tests.Proxy;

public sealed class HashPolicyTests
{
    private static readonly ConnectionInfo Connection = new DefaultHttpContext
    {
        Connection = { RemoteIpAddress = IPAddress.Parse("10.0.0.9"), RemotePort = 1, LocalIpAddress = IPAddress.Loopback, LocalPort = 2 },
    }.Connection;

    [Fact]
    public void Each_part_of_a_request_hashes_as_in_Envoy()
    {
        Assert.Equal(Of("jason"), Hash(new HashPolicy.Header("end-user", false)));
        Assert.Equal(Of("host"), Hash(new HashPolicy.Header(":authority", false)));
        Assert.Equal(Of("7"), Hash(new HashPolicy.Query("q", false)));
        Assert.Equal(Of("10.0.0.9"), Hash(new HashPolicy.Source(false)));
        Assert.Equal(Of("one"), Hash(new HashPolicy.Cookie("c", null, "", false)));
        Assert.Null(Hash(new HashPolicy.Cookie("absent", null, "", false)));
        Assert.Null(Hash(new HashPolicy.Header("absent", false)));
        Assert.Null(Hash());
    }

    [Fact]
    public void Hashes_are_combined_until_a_terminal_one()
    {
        var user = new HashPolicy.Header("end-user", false);
        var query = new HashPolicy.Query("q", false);
        Assert.Equal(ulong.RotateLeft(Of("jason"), 1) ^ Of("7"), Hash(user, query));
        Assert.Equal(Of("jason"), Hash(user with { Terminal = true }, query));
        Assert.Equal(Of("7"), Hash(new HashPolicy.Header("absent", true), query));
    }

    [Fact]
    public void The_values_of_a_header_count_in_any_order()
    {
        Assert.Equal(Hash(new HashPolicy.Header("x-ab", false)), Hash(new HashPolicy.Header("x-ba", false)));
    }

    [Fact]
    public void A_caller_without_the_cookie_gets_one()
    {
        var (hash, cookie) = HashPolicy.Hash(
            [new HashPolicy.Cookie("sess", TimeSpan.FromMinutes(1), "/p", false)], Request(), Connection);
        Assert.NotNull(cookie);
        var value = cookie["sess=\"".Length..cookie.IndexOf('"', 6)];
        Assert.Equal($"sess=\"{value}\"; Max-Age=60; Path=/p; HttpOnly", cookie);
        Assert.Equal(Of(value), hash);
    }

    [Fact]
    public async Task A_caller_stays_with_the_endpoint_of_its_cookie()
    {
        await using var mesh = await Mesh.StartAsync(cookies: true);
        var services = new[] { await mesh.ServeAsync("a"), await mesh.ServeAsync("b"), await mesh.ServeAsync("c") };
        await mesh.RouteAsync(Resources.Routes("r", Resources.To("c", r => r.Route_.HashPolicy.Add(
            new RouteAction.Types.HashPolicy { Cookie = new() { Name = "sess", Ttl = new() } }))));
        var cluster = Resources.Cluster("c");
        cluster.LbPolicy = Envoy.Config.Cluster.V3.Cluster.Types.LbPolicy.RingHash;
        mesh.Plane.Apply(cluster, Resources.Endpoints("c", services));
        await mesh.UntilAsync(s => s.Clusters == 1);
        var first = (await mesh.GetAsync()).Body;
        for (var i = 0; i < 10; i++)
        {
            Assert.Equal((HttpStatusCode.OK, first), await mesh.GetAsync());
        }
    }

    private static ulong? Hash(params HashPolicy[] policies) => HashPolicy.Hash([.. policies], Request(), Connection).Hash;

    private static RequestFacts Request() => RequestFacts.Of("GET", "host", "/?q=7&q=8", new HeaderDictionary
    {
        ["end-user"] = "jason",
        ["cookie"] = "b=\"two\"; c=one",
        ["x-ab"] = new(["a", "b"]),
        ["x-ba"] = new(["b", "a"]),
    });

    private static ulong Of(string text) => XxHash64.HashToUInt64(Encoding.UTF8.GetBytes(text));
}
