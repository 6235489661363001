using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Weft.Proxy;
using Weft.Proxy.Citizen;
using Weft.Xds;

namespace Weft.Tests.Proxy;

/// <summary>The proxy of an application begins and ends with it.</summary>
public sealed class CitizenLifetimeTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Peers_reach_the_application_through_its_inbound_listener()
    {
        await using var mesh = await CitizenApplication.StartAsync();
        Assert.Equal("shopper", await AskAsPeerAsync(await OpenInboundAsync(mesh)));
    }

    [Fact]
    public async Task Peers_are_let_in_only_after_all_services_have_started()
    {
        await using var plane = await FakeControlPlane.StartAsync();
        var builder = CitizenApplication.Builder();
        builder.Services.AddHostedService<SlowStart>();
        builder.Services.AddSingleton<SlowStart.Gate>();
        builder.Services.AddWeftProxy(o => (o.Node, o.ControlPlane) = ("shopper.shop", plane.Address));
        await using var app = builder.Build();
        plane.Apply(
            Resources.Cluster("own"), Resources.Endpoints("own", new IPEndPoint(IPAddress.Loopback, 1)),
            CitizenApplication.Inbound(), Resources.Listener("outbound", "r"), Resources.Routes("r", Resources.To("own")));
        var start = app.StartAsync(Cancellation);
        var citizen = app.Services.GetRequiredService<MeshCitizen>();
        await app.Services.GetRequiredService<SlowStart.Gate>().Reached.Task.WaitAsync(Cancellation);
        var early = await CitizenApplication.UntilAsync(citizen, s => s.Ready && s.Listeners.Length > 0);
        Assert.Equal("outbound", early.Listeners.Single().Name);
        app.Services.GetRequiredService<SlowStart.Gate>().Go.SetResult();
        await start;
        await CitizenApplication.UntilAsync(citizen, s => s.Listeners.Any(l => l.Name == "inbound"));
    }

    [Fact]
    public async Task When_the_host_stops_the_requests_of_peers_are_finished_and_may_still_call_others()
    {
        var arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        CitizenApplication? mesh = null;
        mesh = await CitizenApplication.StartAsync(answer: async context =>
        {
            arrived.TrySetResult();
            await release.Task;
            await context.Response.WriteAsync("asked " + await mesh!.GetAsync("http://catalog/"));
        });
        await using var owned = mesh;
        mesh.Tell(Resources.Routes("r", Resources.To("catalog")), ("catalog", await mesh.ServeAsync("c")));
        var inbound = await OpenInboundAsync(mesh);
        var answer = AskAsPeerAsync(inbound);
        await (await Task.WhenAny(arrived.Task, answer)).WaitAsync(Cancellation);

        var stop = mesh.App.StopAsync(Cancellation);
        await mesh.UntilAsync(s => s.Listeners.All(l => l.Name != "inbound"));
        Assert.False(stop.IsCompleted);
        release.SetResult();
        Assert.Equal("asked c as catalog", await answer);
        await stop;
        await Assert.ThrowsAsync<HttpRequestException>(() => AskAsPeerAsync(inbound));
    }

    [Fact]
    public async Task When_the_host_stops_the_requests_of_the_application_are_finished()
    {
        var arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var mesh = await CitizenApplication.StartAsync();
        var slow = await mesh.ServeAsync(async context =>
        {
            arrived.TrySetResult();
            await release.Task;
            await context.Response.WriteAsync("slow but whole");
        });
        mesh.Tell(Resources.Routes("r", Resources.To("slow")), ("slow", slow));
        var answer = mesh.GetAsync("http://slow/");
        await arrived.Task.WaitAsync(Cancellation);

        var stop = mesh.App.StopAsync(Cancellation);
        Assert.False(stop.IsCompleted);
        release.SetResult();
        Assert.Equal("slow but whole", await answer);
        await stop;
    }

    private static async Task<Uri> OpenInboundAsync(CitizenApplication mesh)
    {
        mesh.Plane.Apply(Resources.Cluster("own"), Resources.Endpoints("own", mesh.Own), CitizenApplication.Inbound());
        // The listener may be there before the cluster that it leads to.
        var status = await mesh.UntilAsync(s => s.Listeners.Any(l => l.Name == "inbound")
            && s.Xds[TypeUrl.Endpoints].Resources.ContainsKey("own") && s.WarmingClusters.IsEmpty && s.WarmingListeners.IsEmpty);
        return new($"http://{status.Listeners.Single(l => l.Name == "inbound").Address}/");
    }

    private static async Task<string> AskAsPeerAsync(Uri inbound)
    {
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        return await client.GetStringAsync(inbound, Cancellation);
    }

    /// <summary>A service of the application that takes its time to start.</summary>
    private sealed class SlowStart(SlowStart.Gate gate) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken)
        {
            gate.Reached.SetResult();
            return gate.Go.Task;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public sealed class Gate
        {
            public TaskCompletionSource Reached { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

            public TaskCompletionSource Go { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }
}
