using System.Collections.Concurrent;
using System.Net;
using Weft.Testing;

namespace Weft.EndToEnd.Tests.Stage;

/// <summary>A workload of a mesh with its proxy.</summary>
internal abstract record ProxiedClient(DataPlane Proxy) : IAsyncDisposable
{
    public virtual ValueTask DisposeAsync() => Proxy.DisposeAsync();
}

/// <summary>A client that sends through its proxy.</summary>
/// <param name="Port">Where the proxy takes its requests.</param>
internal sealed record Client(DataPlane Proxy, Caller Caller, int Port) : ProxiedClient(Proxy)
{
    /// <param name="steady">A service that answers 200: the client is ready once it does.</param>
    public static async Task<Client> StartAsync(WeftRun control, DataPlaneKind kind, string steady)
    {
        var (name, port) = ($"client-{kind.ToString().ToLowerInvariant()}", FreePorts.Next());
        control.Manifests.Write($"{name}.yaml", Manifest.Workload(name, null, outbound: port));
        var proxy = await DataPlane.StartAsync(kind, control, $"{name}.shop");
        await control.SyncedAsync($"{name}.shop");
        var client = new Client(proxy, new Caller(port), port);
        await client.Caller.AnswersAsync(steady, answer => answer.Status == HttpStatusCode.OK);
        return client;
    }

    public override ValueTask DisposeAsync()
    {
        Caller.Dispose();
        return base.DisposeAsync();
    }
}

/// <summary>The clients of a mesh, one of each data plane, started when a test first asks.</summary>
internal sealed class Clients<T>(WeftRun control, Func<DataPlaneKind, Task<T>> start) : IAsyncDisposable
    where T : ProxiedClient
{
    private readonly ConcurrentDictionary<DataPlaneKind, Lazy<Task<T>>> _clients = new();

    /// <summary>Without Envoy, the test that asks for it is skipped.</summary>
    public Task<T> Of(DataPlaneKind kind)
    {
        if (kind == DataPlaneKind.Envoy)
        {
            Peers.Require("envoy");
        }

        return _clients.GetOrAdd(kind, k => new(() => start(k))).Value;
    }

    /// <summary>Adds what the programs said to the output of a test that ends.</summary>
    public async Task ShowAsync()
    {
        StageLog.Write(control.Process);
        foreach (var client in Started)
        {
            StageLog.Write((await client).Proxy.Process);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var client in Started)
        {
            await (await client).DisposeAsync();
        }
    }

    private IEnumerable<Task<T>> Started => _clients.Values.Select(c => c.Value).Where(c => c.IsCompletedSuccessfully);
}
