using System.Net;
using Envoy.Config.Core.V3;
using Envoy.Config.Listener.V3;
using Envoy.Extensions.Filters.Network.HttpConnectionManager.V3;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Weft.Proxy;
using Weft.Proxy.Citizen;

namespace Weft.Tests.Proxy;

/// <summary>An ASP.NET Core application that is the workload "shopper.shop" of a mesh, and its control plane.</summary>
internal sealed class CitizenApplication : IAsyncDisposable
{
    private readonly List<WebApplication> _services = [];

    private CitizenApplication(FakeControlPlane plane, WebApplication app)
    {
        Plane = plane;
        App = app;
    }

    public FakeControlPlane Plane { get; }

    public WebApplication App { get; }

    public MeshCitizen Citizen => App.Services.GetRequiredService<MeshCitizen>();

    /// <summary>Where the application itself listens.</summary>
    public IPEndPoint Own => AddressOf(App);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <param name="answer">What the application answers.</param>
    public static async Task<CitizenApplication> StartAsync(
        bool down = false, TimeProvider? time = null, RequestDelegate? answer = null)
    {
        var plane = await FakeControlPlane.StartAsync();
        if (down)
        {
            plane.GoDown();
        }

        var builder = Builder();
        builder.Services.AddWeftProxy(o =>
        {
            o.Node = "shopper.shop";
            o.ControlPlane = plane.Address;
        });
        builder.Services.AddHttpClient("mesh").AddWeftMesh();
        builder.Services.AddHealthChecks().AddWeftProxy();
        if (time is not null)
        {
            builder.Services.AddSingleton(time);
        }

        var app = builder.Build();
        app.Run(answer ?? (context => context.Response.WriteAsync("shopper")));
        await app.StartAsync(Cancellation);
        return new(plane, app);
    }

    public static WebApplicationBuilder Builder()
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore();
        builder.WebHost.ConfigureKestrel(k => k.Listen(IPAddress.Loopback, 0, o => o.Protocols = HttpProtocols.Http1));
        return builder;
    }

    /// <summary>Starts a service that answers with its name and the host that it was asked for.</summary>
    public Task<IPEndPoint> ServeAsync(string name) =>
        ServeAsync(context => context.Response.WriteAsync($"{name} as {context.Request.Host}"));

    public async Task<IPEndPoint> ServeAsync(RequestDelegate answer)
    {
        var app = Builder().Build();
        app.Run(answer);
        await app.StartAsync(Cancellation);
        _services.Add(app);
        return AddressOf(app);
    }

    /// <summary>Tells the application about services, each a cluster, and the routes to them.</summary>
    public void Tell(Envoy.Config.Route.V3.RouteConfiguration routes, params (string Cluster, IPEndPoint Address)[] services) =>
        Plane.Apply(
            [
                .. services.Select(s => Resources.Cluster(s.Cluster)),
                .. services.Select(s => Resources.Endpoints(s.Cluster, s.Address)),
                Resources.Listener("outbound", routes.Name),
                routes,
            ]);

    /// <summary>The inbound listener that leads to the application, as the control plane makes it.</summary>
    public static Listener Inbound()
    {
        var listener = Resources.Listener(
            "inbound", new HttpConnectionManager { RouteConfig = Resources.Routes("inbound", Resources.To("own")) });
        listener.TrafficDirection = TrafficDirection.Inbound;
        return listener;
    }

    public HttpClient Client() => App.Services.GetRequiredService<IHttpClientFactory>().CreateClient("mesh");

    public async Task<string> GetAsync(string address)
    {
        using var client = Client();
        return await client.GetStringAsync(new Uri(address), Cancellation);
    }

    public Task<ProxyStatus> UntilAsync(Func<ProxyStatus, bool> condition) => UntilAsync(Citizen, condition);

    public static async Task<ProxyStatus> UntilAsync(MeshCitizen citizen, Func<ProxyStatus, bool> condition)
    {
        var proxy = await citizen.Started.WaitAsync(Cancellation);
        await foreach (var status in proxy.Status.WatchAsync(Cancellation))
        {
            if (condition(status))
            {
                return status;
            }
        }

        throw new InvalidOperationException("the proxy ended");
    }

    public async ValueTask DisposeAsync()
    {
        await App.DisposeAsync();
        await Plane.DisposeAsync();
        foreach (var service in _services)
        {
            await service.DisposeAsync();
        }
    }

    private static IPEndPoint AddressOf(WebApplication app) =>
        IPEndPoint.Parse(new Uri(app.Urls.Single()).Authority);
}
