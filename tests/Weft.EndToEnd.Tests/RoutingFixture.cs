using System.Collections.Concurrent;
using System.Net;
using Weft.EndToEnd.Tests.Stage;
using Weft.Testing;

namespace Weft.EndToEnd.Tests;

/// <summary>One mesh with every routing case, and a client of each data plane in it.</summary>
public sealed class RoutingFixture : IAsyncLifetime
{
    private readonly WeftRun _control = new();
    private readonly List<Application> _applications = [];
    private readonly ConcurrentDictionary<DataPlaneKind, Lazy<Task<Client>>> _clients = new();

    public async ValueTask InitializeAsync()
    {
        foreach (var name in new[] { "a", "b", "c" })
        {
            var application = await Application.StartAsync(name);
            _applications.Add(application);
            _control.Manifests.Write($"{name}.yaml", Manifest.Served(application));
        }

        _control.Manifests.Write("idle.yaml", Manifest.Service("idle"));
        foreach (var name in RoutingCase.Names)
        {
            _control.Manifests.Write($"case-{name}.yaml", RoutingCase.Read(name).Manifests);
        }

        await _control.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var client in _clients.Values.Where(c => c.Value.IsCompletedSuccessfully))
        {
            await (await client.Value).DisposeAsync();
        }

        await _control.DisposeAsync();
        foreach (var application in _applications)
        {
            await application.DisposeAsync();
        }
    }

    internal Task<Client> ClientAsync(DataPlaneKind kind) => _clients.GetOrAdd(kind, k => new(() => StartAsync(k))).Value;

    /// <summary>Adds what the programs said to the output of a test that ends.</summary>
    internal async Task ShowAsync()
    {
        StageLog.Write(_control.Process);
        foreach (var client in _clients.Values.Where(c => c.Value.IsCompletedSuccessfully))
        {
            StageLog.Write((await client.Value).Proxy.Process);
        }
    }

    private async Task<Client> StartAsync(DataPlaneKind kind)
    {
        if (kind == DataPlaneKind.Envoy)
        {
            Peers.Require("envoy");
        }

        var (name, port) = ($"client-{kind.ToString().ToLowerInvariant()}", FreePorts.Next());
        _control.Manifests.Write($"{name}.yaml", Manifest.Workload(name, null, outbound: port));
        var proxy = await DataPlane.StartAsync(kind, _control, $"{name}.shop");
        await _control.SyncedAsync($"{name}.shop");
        var client = new Client(proxy, new Caller(port));
        await client.Caller.AnswersAsync("a", answer => answer.Status == HttpStatusCode.OK);
        return client;
    }

    internal sealed record Client(DataPlane Proxy, Caller Caller) : IAsyncDisposable
    {
        public ValueTask DisposeAsync()
        {
            Caller.Dispose();
            return Proxy.DisposeAsync();
        }
    }
}
