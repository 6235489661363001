using System.Net;
using Envoy.Config.Route.V3;
using Envoy.Service.Discovery.V3;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Time.Testing;
using Weft.ControlPlane;
using Weft.Proxy;
using Weft.Xds;

namespace Weft.Tests.Proxy;

/// <summary>An application whose proxy runs within it.</summary>
public sealed class CitizenTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_request_goes_to_the_service_that_its_host_names_and_keeps_its_host()
    {
        await using var mesh = await CitizenApplication.StartAsync();
        mesh.Tell(
            Hosts(("catalog", Resources.To("catalog")), ("ratings:9080", Resources.To("ratings"))),
            ("catalog", await mesh.ServeAsync("c")), ("ratings", await mesh.ServeAsync("r")));
        Assert.Equal("c as catalog", await mesh.GetAsync("http://catalog/items"));
        Assert.Equal("r as ratings:9080", await mesh.GetAsync("http://ratings:9080/"));
        using var client = mesh.Client();
        using var response = await client.GetAsync(new Uri("http://nobody/"), Cancellation);
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal(new Uri("http://nobody/"), response.RequestMessage!.RequestUri);
    }

    [Fact]
    public async Task The_routes_weights_hold_and_change_while_the_application_runs()
    {
        await using var mesh = await CitizenApplication.StartAsync();
        var (a, b) = (("v1", await mesh.ServeAsync("v1")), ("v2", await mesh.ServeAsync("v2")));
        mesh.Tell(Resources.Routes("r", Resources.Split(("v1", 90), ("v2", 10))), a, b);
        var seen = 0;
        for (var i = 0; i < 400; i++)
        {
            seen += await mesh.GetAsync("http://catalog/") == "v2 as catalog" ? 1 : 0;
        }

        // Of 400 with a chance of 0.1, fewer than 10 or more than 80 come less than once in a million runs.
        Assert.InRange(seen, 10, 80);
        var version = mesh.Plane.Apply(Resources.Routes("r", Resources.Split(("v1", 0), ("v2", 100))));
        await mesh.UntilAsync(s => s.Xds[TypeUrl.Route].Resources["r"].Version == version);
        for (var i = 0; i < 20; i++)
        {
            Assert.Equal("v2 as catalog", await mesh.GetAsync("http://catalog/"));
        }
    }

    [Fact]
    public async Task The_last_good_configuration_stays_while_the_control_plane_is_away()
    {
        await using var mesh = await CitizenApplication.StartAsync();
        mesh.Tell(Resources.Routes("r", Resources.To("catalog")), ("catalog", await mesh.ServeAsync("c")));
        Assert.Equal("c as catalog", await mesh.GetAsync("http://catalog/"));
        mesh.Plane.GoDown();
        await mesh.UntilAsync(s => !s.Connected);
        Assert.Equal("c as catalog", await mesh.GetAsync("http://catalog/"));
        var health = await HealthAsync(mesh);
        Assert.Equal(HealthStatus.Healthy, health.Status);
        Assert.Equal("the control plane is away; the last good configuration stays", health.Description);
    }

    [Fact]
    public async Task A_request_waits_for_the_first_configuration()
    {
        await using var mesh = await CitizenApplication.StartAsync(time: new FakeTimeProvider());
        var answer = mesh.GetAsync("http://catalog/");
        Assert.Equal(HealthStatus.Unhealthy, (await HealthAsync(mesh)).Status);
        mesh.Tell(Resources.Routes("r", Resources.To("catalog")), ("catalog", await mesh.ServeAsync("c")));
        Assert.Equal("c as catalog", await answer);
        Assert.Equal(HealthStatus.Healthy, (await HealthAsync(mesh)).Status);
    }

    [Fact]
    public async Task Without_a_control_plane_a_request_fails_in_time_and_names_the_settings()
    {
        var time = new FakeTimeProvider();
        await using var mesh = await CitizenApplication.StartAsync(down: true, time: time);
        await mesh.UntilAsync(s => s.Xds.LastError is not null);
        var answer = mesh.GetAsync("http://catalog/");
        Assert.False(answer.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(5));
        var failure = await Assert.ThrowsAsync<HttpRequestException>(() => answer);
        Assert.StartsWith(
            $"The mesh is not ready: the control plane at {mesh.Plane.Address} has not answered", failure.Message, StringComparison.Ordinal);
        Assert.Contains("WEFT_XDS", failure.Message, StringComparison.Ordinal);
        Assert.EndsWith(
            "Waited 5 s (WeftProxyOptions.ReadyTimeout, Weft:ReadyTimeout).", failure.Message, StringComparison.Ordinal);
        var health = await HealthAsync(mesh);
        Assert.Equal(HealthStatus.Unhealthy, health.Status);
        Assert.Contains("has not answered", health.Description, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_workload_that_may_send_nothing_is_told_so()
    {
        var time = new FakeTimeProvider();
        await using var mesh = await CitizenApplication.StartAsync(time: time);
        mesh.Plane.Apply(Resources.Cluster("own"), Resources.Endpoints("own", mesh.Own), CitizenApplication.Inbound());
        // The cluster may come after the listener; while its endpoints are awaited, that is what is wanting.
        await mesh.UntilAsync(s => s is { Ready: true, Clusters: 1, WarmingClusters.IsEmpty: true } && s.Listeners.Any(l => l.Name == "inbound"));
        var answer = mesh.GetAsync("http://catalog/");
        time.Advance(TimeSpan.FromSeconds(5));
        var failure = await Assert.ThrowsAsync<HttpRequestException>(() => answer);
        Assert.Contains("gave shopper.shop no listener 'outbound'", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_request_for_TLS_is_refused()
    {
        await using var mesh = await CitizenApplication.StartAsync();
        var failure = await Assert.ThrowsAsync<NotSupportedException>(() => mesh.GetAsync("https://catalog/"));
        Assert.Contains("write http://catalog", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_gRPC_channel_goes_through_the_mesh()
    {
        await using var service = await FakeControlPlane.StartAsync();
        service.Apply(Resources.Cluster("seen-through-the-mesh"));
        await using var mesh = await CitizenApplication.StartAsync();
        mesh.Plane.Apply(
            Resources.Cluster("echo", http2: true), Resources.Endpoints("echo", IPEndPoint.Parse(service.Address.Authority)),
            Resources.Listener("outbound", "r"), Hosts(("echo.shop", Resources.To("echo"))));
        using var channel = GrpcChannel.ForAddress(
            "http://echo.shop", new() { HttpHandler = mesh.App.Services.GetRequiredService<WeftMeshHandler>() });
        var client = new AggregatedDiscoveryService.AggregatedDiscoveryServiceClient(channel);
        using var call = client.DeltaAggregatedResources(cancellationToken: Cancellation);
        await call.RequestStream.WriteAsync(new DeltaDiscoveryRequest { TypeUrl = TypeUrl.Cluster }, Cancellation);
        Assert.True(await call.ResponseStream.MoveNext(Cancellation));
        Assert.Equal("seen-through-the-mesh", call.ResponseStream.Current.Resources.Single().Name);
        service.GoDown();
        var end = await Assert.ThrowsAsync<RpcException>(async () => await call.ResponseStream.MoveNext(Cancellation));
        Assert.Equal(StatusCode.Unavailable, end.StatusCode);
    }

    [Fact]
    public async Task The_control_plane_sees_the_sidecar_of_the_workload()
    {
        await using var mesh = await CitizenApplication.StartAsync();
        var hello = await mesh.Plane.Hellos.Reader.ReadAsync(Cancellation);
        Assert.Equal(("shopper.shop", "shopper"), (hello.Node.Id, hello.Node.Cluster));
        var sidecar = NodeGroup.ProxyOf(NodeGroup.NameOf("shopper.shop"), isGateway: false);
        Assert.Equal(NodeGroup.Metadata(sidecar, stats: null), hello.Node.Metadata);
    }

    /// <summary>Routes by host; each virtual host has one domain and one route.</summary>
    private static RouteConfiguration Hosts(params (string Domain, Route Route)[] hosts)
    {
        var routes = new RouteConfiguration { Name = "r" };
        routes.VirtualHosts.Add(hosts.Select(h => new VirtualHost { Name = h.Domain, Domains = { h.Domain }, Routes = { h.Route } }));
        return routes;
    }

    private static async Task<HealthReportEntry> HealthAsync(CitizenApplication mesh)
    {
        var health = mesh.App.Services.GetRequiredService<HealthCheckService>();
        return (await health.CheckHealthAsync(Cancellation)).Entries["weft"];
    }
}
