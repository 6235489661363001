using System.Diagnostics;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Weft.ControlPlane;
using Weft.Flow;
using Weft.Testing;
using Weft.Up;

namespace Weft.Benchmarks;

/// <summary>
/// A control plane, one proxy and two versions of a service; under load, a route is edited to send everything to the
/// other version, again and again. What is measured is the time from the rename of the file to the first answer of the
/// other version, and how many requests failed.
/// </summary>
internal sealed class EditToTraffic : IAsyncDisposable
{
    private const int Workers = 4;

    // So many answers of one version in a row that no request sent before the last edit is still on its way.
    private const int Settled = 4 * Workers;

    private readonly string _folder = Directory.CreateTempSubdirectory("weft-bench-").FullName;
    private readonly int _outbound = FreePorts.Next();
    private readonly List<WebApplication> _apps = [];
    private readonly Latest<Answer> _answer = new(new("", 0));
    private readonly CancellationTokenSource _stop = new();
    // Who answered last, and how many times in a row.
    private sealed record Answer(string Version, int InARow);

    private long _requests;
    private long _failed;

    public static async Task RunAsync(DataPlaneKind plane, string envoy, int rounds)
    {
        await using var bench = new EditToTraffic();
        var ports = (await bench.StartAppAsync("v1"), await bench.StartAppAsync("v2"));
        bench.Write("mesh.yaml", bench.Mesh(ports));
        bench.Write("route.yaml", Route(100, 0));
        var settings = new UpSettings(
            bench._folder, plane, envoy,
            new(IPAddress.Loopback, FreePorts.Next()), new(IPAddress.Loopback, FreePorts.Next()), new(LogLevel.Error, false));
        await using var app = ControlPlaneHost.Build(new([bench._folder], null, settings.Xds, settings.Admin, settings.Log));
        await app.StartAsync();
        await using var crew = new Crew(
            settings, app.Services.GetRequiredService<MeshLoop>().State, app.Services.GetRequiredService<ILoggerFactory>(), _ => { });
        var running = crew.RunAsync(bench._stop.Token);
        var load = bench.LoadAsync();
        await bench.UntilAsync("v1", Settled);
        (bench._requests, bench._failed) = (0, 0);
        var took = new List<double>();
        for (var i = 0; i < rounds; i++)
        {
            var (next, route) = i % 2 == 0 ? ("v2", Route(0, 100)) : ("v1", Route(100, 0));
            var start = Stopwatch.GetTimestamp();
            bench.Write("route.yaml", route);
            await bench.UntilAsync(next, 1);
            took.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            await bench.UntilAsync(next, Settled);
        }

        took.Sort();
        Console.WriteLine(
            $"{plane,-8} {took[0],6:0} {took[rounds / 2],6:0} {took[rounds * 9 / 10],6:0} {took[^1],6:0}   {bench._requests} {bench._failed}");
        await bench._stop.CancelAsync();
        await Task.WhenAll(load, running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await app.StopAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var app in _apps)
        {
            await app.DisposeAsync();
        }

        Directory.Delete(_folder, recursive: true);
        _stop.Dispose();
    }

    private async Task<int> StartAppAsync(string version)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        app.Run(context => context.Response.WriteAsync(version));
        await app.StartAsync();
        _apps.Add(app);
        return new Uri(app.Urls.Single()).Port;
    }

    private Task LoadAsync() => Task.WhenAll(Enumerable.Range(0, Workers).Select(_ => Task.Run(async () =>
    {
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{_outbound}") };
        http.DefaultRequestHeaders.Host = "shop";
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                using var response = await http.GetAsync(new Uri("/", UriKind.Relative), _stop.Token);
                Interlocked.Increment(ref _requests);
                var version = response.IsSuccessStatusCode ? await response.Content.ReadAsStringAsync(_stop.Token) : Failed();
                _answer.Update(last => new(version, last.Version == version ? last.InARow + 1 : 1));
            }
            catch (HttpRequestException)
            {
                // Before the proxy listens; afterwards it is a failure like any other.
                Failed();
            }
        }
    })));

    private string Failed()
    {
        Interlocked.Increment(ref _failed);
        return "";
    }

    private async Task UntilAsync(string version, int inARow)
    {
        await foreach (var answer in _answer.WatchAsync(_stop.Token))
        {
            if (answer.Version == version && answer.InARow >= inARow)
            {
                return;
            }
        }
    }

    // As editors do: written beside, then renamed over.
    private void Write(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path + ".tmp", text);
        File.Move(path + ".tmp", path, overwrite: true);
    }

    private string Mesh((int V1, int V2) ports) => $$$"""
        {apiVersion: v1, kind: Service, metadata: {name: shop}, spec: {ports: [{name: http, port: 80}]}}
        ---
        {apiVersion: v1, kind: Service, metadata: {name: v1}, spec: {selector: {version: v1}, ports: [{name: http, port: 80}]}}
        ---
        {apiVersion: v1, kind: Service, metadata: {name: v2}, spec: {selector: {version: v2}, ports: [{name: http, port: 80}]}}
        ---
        {apiVersion: weft.dev/v1alpha1, kind: Workload, metadata: {name: a}, spec: {labels: {version: v1}, address: 127.0.0.1, appPort: {{{ports.V1}}}}}
        ---
        {apiVersion: weft.dev/v1alpha1, kind: Workload, metadata: {name: b}, spec: {labels: {version: v2}, address: 127.0.0.1, appPort: {{{ports.V2}}}}}
        ---
        {apiVersion: weft.dev/v1alpha1, kind: Workload, metadata: {name: client}, spec: {address: 127.0.0.1, outboundPort: {{{_outbound}}}}}
        """;

    private static string Route(int v1, int v2) => $$"""
        apiVersion: gateway.networking.k8s.io/v1
        kind: HTTPRoute
        metadata: {name: shop}
        spec:
          parentRefs: [{group: "", kind: Service, name: shop}]
          rules: [{backendRefs: [{name: v1, port: 80, weight: {{v1}}}, {name: v2, port: 80, weight: {{v2}}}]}]
        """;
}
