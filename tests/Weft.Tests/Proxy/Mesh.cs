using System.Net;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Weft.Proxy;
using Weft.Proxy.Listening;

namespace Weft.Tests.Proxy;

/// <summary>A control plane, a proxy, and the services a test starts, all on the loopback.</summary>
internal sealed class Mesh : IAsyncDisposable
{
    private readonly List<ConnectionServer> _services = [];
    private readonly SocketsHttpHandler _connections = new() { UseProxy = false, ActivityHeadersPropagator = null };

    private Mesh(FakeControlPlane plane, ProxyHost proxy)
    {
        Plane = plane;
        Proxy = proxy;
        Http = new(_connections, disposeHandler: false) { Timeout = Timeout.InfiniteTimeSpan };
    }

    public FakeControlPlane Plane { get; }

    public ProxyHost Proxy { get; }

    public HttpClient Http { get; }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<Mesh> StartAsync(
        TimeProvider? time = null, bool down = false, bool followRedirects = true, Func<double>? dice = null,
        bool cookies = false, Stream? output = null,
        Func<string, CancellationToken, Task<IPAddress[]>>? lookup = null,
        Func<ProxySettings, ProxySettings>? change = null)
    {
        var plane = await FakeControlPlane.StartAsync();
        if (down)
        {
            plane.GoDown();
        }

        var settings = new ProxySettings("test-node", "test", plane.Address, new(IPAddress.Loopback, 0))
        {
            Time = time ?? TimeProvider.System,
            Dice = dice ?? Random.Shared.NextDouble,
            Lookup = lookup ?? ((name, _) => throw new InvalidOperationException($"{name} is looked up")),
            AccessLogOutput = output is null ? null : () => output,
        };
        settings = change?.Invoke(settings) ?? settings;
        return new(plane, await ProxyHost.StartAsync(settings, NullLoggerFactory.Instance, Cancellation))
        {
            _connections = { AllowAutoRedirect = followRedirects, UseCookies = cookies },
        };
    }

    /// <summary>Starts a service; returns its address.</summary>
    public async Task<IPEndPoint> ServeAsync(RequestDelegate answer)
    {
        var service = await ConnectionServer.StartAsync(
            new(IPAddress.Loopback, 0), answer, NullLoggerFactory.Instance, Cancellation);
        _services.Add(service);
        return service.LocalEndPoint;
    }

    /// <summary>Starts a service that says its name.</summary>
    public Task<IPEndPoint> ServeAsync(string name) => ServeAsync(context => context.Response.WriteAsync(name));

    /// <summary>The usual start: listener "l", routes "r", and a cluster for each service.</summary>
    public async Task RouteAsync(Envoy.Config.Route.V3.RouteConfiguration routes, params (string Cluster, IPEndPoint Address)[] services)
    {
        Plane.Apply(
            [
                .. services.Select(s => Resources.Cluster(s.Cluster)),
                .. services.Select(s => Resources.Endpoints(s.Cluster, s.Address)),
                Resources.Listener("l", routes.Name),
                routes,
            ]);
        await UntilAsync(s => s.Ready && s.Listeners.Any(l => l.Name == "l"));
    }

    /// <summary>Waits until the proxy uses this version of a resource.</summary>
    public Task InUseAsync(string type, string name, string version) =>
        UntilAsync(s => s.Xds[type].Resources.TryGetValue(name, out var r) && r.Version == version
            && s.WarmingClusters.IsEmpty && s.WarmingListeners.IsEmpty);

    public async Task<ProxyStatus> UntilAsync(Func<ProxyStatus, bool> condition)
    {
        await foreach (var status in Proxy.Status.WatchAsync(Cancellation))
        {
            Assert.False(Proxy.Completion.IsFaulted, Proxy.Completion.Exception?.ToString());
            if (condition(status))
            {
                return status;
            }
        }

        throw new InvalidOperationException("the proxy ended");
    }

    /// <summary>Where a listener is bound.</summary>
    public IPEndPoint AddressOf(string listener = "l") =>
        Proxy.Status.Value.Listeners.Single(l => l.Name == listener).Address!;

    public Uri At(string path = "/", string listener = "l") =>
        new($"http://{Proxy.Status.Value.Listeners.Single(l => l.Name == listener).Address}{path}");

    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request) => Http.SendAsync(request, Cancellation);

    public async Task<(HttpStatusCode Status, string Body)> GetAsync(string path = "/", Action<HttpRequestHeaders>? headers = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, At(path));
        headers?.Invoke(request.Headers);
        using var response = await SendAsync(request);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(Cancellation));
    }

    public async Task<(HttpStatusCode Status, string Body)> AdminAsync(string path)
    {
        using var response = await Http.GetAsync(new Uri($"http://{Proxy.AdminEndpoint}{path}"), Cancellation);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(Cancellation));
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        _connections.Dispose();
        await Proxy.DisposeAsync();
        await Plane.DisposeAsync();
        foreach (var service in _services)
        {
            await service.DisposeAsync();
        }
    }
}
