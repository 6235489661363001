using System.Net;
using System.Net.Sockets;
using Envoy.Config.Cluster.V3;
using Envoy.Extensions.Common.DynamicForwardProxy.V3;
using Envoy.Extensions.Filters.Network.HttpConnectionManager.V3;
using Google.Protobuf.WellKnownTypes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;
using Weft.Proxy.Upstream;
using Weft.Translation;
using ForwardCluster = Envoy.Extensions.Clusters.DynamicForwardProxy.V3.ClusterConfig;

namespace Weft.Tests.Proxy;

/// <summary>Requests to hosts that nobody configured.</summary>
public sealed class LookupTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_request_goes_to_the_host_that_it_names()
    {
        await using var mesh = await StartAsync(Answers(("shop.example", [IPAddress.IPv6Loopback, IPAddress.Loopback])));
        var service = await mesh.ServeAsync(context => context.Response.WriteAsync($"for {context.Request.Host}"));
        Assert.Equal((HttpStatusCode.OK, $"for {service}"), await GetAsync(mesh, service.ToString()));
        Assert.Equal(
            (HttpStatusCode.OK, $"for shop.example:{service.Port}"), await GetAsync(mesh, $"shop.example:{service.Port}"));
        Assert.Equal(
            (HttpStatusCode.ServiceUnavailable, "DNS resolution failure"), await GetAsync(mesh, "other.example"));
    }

    [Fact]
    public async Task A_request_that_would_come_back_is_refused()
    {
        await using var mesh = await StartAsync(Answers(("self.example", [IPAddress.Loopback])));
        var port = mesh.At().Port;
        foreach (var host in new[] { $"127.0.0.1:{port}", $"self.example:{port}", $"0.0.0.0:{port}" })
        {
            Assert.Equal((HttpStatusCode.ServiceUnavailable, "no healthy upstream"), await GetAsync(mesh, host));
        }
    }

    [Theory]
    [InlineData("a.example", "10.0.0.1:80")]
    [InlineData("A.example:8080", "10.0.0.1:8080")]
    [InlineData("six.example", "[::2]:80")]
    [InlineData("10.0.0.9", "10.0.0.9:80")]
    [InlineData("10.0.0.9:81", "10.0.0.9:81")]
    [InlineData("[::9]", "[::9]:80")]
    [InlineData("[::9]:81", "[::9]:81")]
    [InlineData("none.example", null)]
    [InlineData("", null)]
    [InlineData(":80", null)]
    [InlineData("a.example:", null)]
    [InlineData("a.example:0", null)]
    [InlineData("a.example:65536", null)]
    [InlineData("a.example:x", null)]
    [InlineData("::9", null)]
    [InlineData("[a.example", null)]
    [InlineData("a example", null)]
    [InlineData("127.1", null)]
    [InlineData("2130706433", null)]
    public async Task A_host_is_a_name_or_an_address_with_a_port(string host, string? expected)
    {
        var lookup = new HostLookup(
            Answers(("a.example", [IPAddress.IPv6Loopback, IPAddress.Parse("10.0.0.1")]), ("six.example", [IPAddress.Parse("::2")])),
            TimeProvider.System);
        Assert.Equal(expected, (await lookup.FindAsync(host, Cancellation))?.ToString());
    }

    [Fact]
    public async Task Answers_are_kept_for_a_minute_and_failures_are_not()
    {
        var time = new FakeTimeProvider();
        var asked = 0;
        var fails = true;
        var lookup = new HostLookup(
            (_, _) =>
            {
                asked++;
                return fails ? throw new SocketException((int)SocketError.HostNotFound) : Task.FromResult<IPAddress[]>([IPAddress.Any]);
            },
            time);
        Assert.Null(await lookup.FindAsync("a", Cancellation));
        fails = false;
        Assert.NotNull(await lookup.FindAsync("a", Cancellation));
        time.Advance(TimeSpan.FromSeconds(59));
        Assert.NotNull(await lookup.FindAsync("a", Cancellation));
        Assert.Equal(2, asked);
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.NotNull(await lookup.FindAsync("a", Cancellation));
        Assert.Equal(3, asked);
    }

    [Fact]
    public async Task A_name_server_that_is_silent_costs_five_seconds_and_is_asked_once()
    {
        var time = new FakeTimeProvider();
        var asked = 0;
        var lookup = new HostLookup(
            async (_, patience) =>
            {
                asked++;
                await Task.Delay(Timeout.Infinite, patience);
                return [];
            },
            time);
        var first = lookup.FindAsync("a", Cancellation).AsTask();
        var second = lookup.FindAsync("a", Cancellation).AsTask();
        Assert.Equal(1, asked);
        time.Advance(TimeSpan.FromSeconds(5));
        Assert.All(await Task.WhenAll(first, second), Assert.Null);
    }

    [Fact]
    public async Task Only_so_many_hosts_are_known_at_a_time()
    {
        var time = new FakeTimeProvider();
        var lookup = new HostLookup((_, _) => Task.FromResult<IPAddress[]>([IPAddress.Loopback]), time);
        for (var i = 0; i < HostLookup.Most; i++)
        {
            Assert.NotNull(await lookup.FindAsync($"host{i}", Cancellation));
        }

        Assert.Null(await lookup.FindAsync("one.more", Cancellation));
        time.Advance(TimeSpan.FromSeconds(60));
        Assert.NotNull(await lookup.FindAsync("one.more", Cancellation));
    }

    [Theory]
    [InlineData("0.0.0.0:1", "127.0.0.2:1", true)]
    [InlineData("0.0.0.0:1", "10.0.0.1:1", true)]
    [InlineData("0.0.0.0:1", "10.0.0.2:1", false)]
    [InlineData("0.0.0.0:1", "127.0.0.1:2", false)]
    [InlineData("127.0.0.1:1", "127.0.0.2:1", false)]
    [InlineData("127.0.0.1:1", "[::ffff:127.0.0.1]:1", true)]
    [InlineData("10.0.0.1:1", "0.0.0.0:1", true)]
    public void An_own_address_is_known_by_its_other_names(string own, string target, bool expected)
    {
        var lookup = new HostLookup(Answers(), TimeProvider.System) { Own = [IPEndPoint.Parse(own)] };
        Assert.Equal(expected, lookup.IsOwn(IPEndPoint.Parse(target), IPAddress.Parse("10.0.0.1")));
    }

    [Fact]
    public void Lookups_it_cannot_make_are_refused()
    {
        var cache = new DnsCacheConfig { Name = "c", DnsLookupFamily = Cluster.Types.DnsLookupFamily.V4Preferred };
        Assert.Null(Error(cache, _ => { }));
        Assert.Contains("a dynamic_forward_proxy needs CLUSTER_PROVIDED", Error(cache, c => c.LbPolicy = 0), StringComparison.Ordinal);
        Assert.Contains("dns_cache_config is missing", Error(null, _ => { }), StringComparison.Ordinal);
        cache.MaxHosts = 5;
        cache.DnsLookupFamily = Cluster.Types.DnsLookupFamily.V6Only;
        var error = Error(cache, _ => { });
        Assert.Contains("max_hosts is not supported", error, StringComparison.Ordinal);
        Assert.Contains("dns_lookup_family must be V4_PREFERRED", error, StringComparison.Ordinal);

        static string? Error(DnsCacheConfig? cache, Action<Cluster> change)
        {
            var cluster = UnknownHosts.Cluster();
            cluster.ClusterType.TypedConfig = Any.Pack(new ForwardCluster { DnsCacheConfig = cache });
            change(cluster);
            return Weft.Proxy.Config.ResourceDecoding.Check(Weft.Xds.TypeUrl.Cluster, cluster.Name, Any.Pack(cluster)).Error;
        }
    }

    /// <summary>A mesh that lets unknown hosts pass, as the control plane asks for it.</summary>
    private static async Task<Mesh> StartAsync(Func<string, CancellationToken, Task<IPAddress[]>> lookup)
    {
        var mesh = await Mesh.StartAsync(lookup: lookup);
        var manager = new HttpConnectionManager
        {
            Rds = new() { ConfigSource = Resources.Ads, RouteConfigName = "r" },
            HttpFilters = { new HttpFilter { Name = "lookup", TypedConfig = Any.Pack(UnknownHosts.Lookup()) } },
        };
        var routes = new Envoy.Config.Route.V3.RouteConfiguration { Name = "r", VirtualHosts = { UnknownHosts.Host() } };
        mesh.Plane.Apply(UnknownHosts.Cluster(), Resources.Listener("l", manager), routes);
        await mesh.UntilAsync(s => s.Ready && s.Listeners.Length == 1 && s.Clusters == 1);
        return mesh;
    }

    private static Task<(HttpStatusCode Status, string Body)> GetAsync(Mesh mesh, string host) =>
        mesh.GetAsync("/", h => h.Host = host);

    private static Func<string, CancellationToken, Task<IPAddress[]>> Answers(params (string Name, IPAddress[] Addresses)[] known) =>
        (name, _) => Array.Find(known, k => k.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Addresses is { } found
            ? Task.FromResult(found)
            : throw new SocketException((int)SocketError.HostNotFound);
}
