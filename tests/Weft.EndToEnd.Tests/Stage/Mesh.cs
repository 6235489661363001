using Weft.Testing;

namespace Weft.EndToEnd.Tests.Stage;

/// <summary>A mesh of one test: a control plane, applications, and a proxy that <see cref="Caller"/> calls.</summary>
internal sealed class Mesh : IAsyncDisposable
{
    public const string Client = "client.shop";

    private readonly Dictionary<string, Application> _applications = [];
    private readonly int _outbound = FreePorts.Next();
    private DataPlane? _proxy;
    private Caller? _caller;

    public WeftRun Control { get; } = new();

    public DataPlane Proxy => _proxy ?? throw new InvalidOperationException("The mesh was not started.");

    public Caller Caller => _caller ?? throw new InvalidOperationException("The mesh was not started.");

    /// <summary>Starts applications, each with a service and a workload of its name in a file of its name.</summary>
    public async Task<Mesh> WithAsync(params IEnumerable<string> applications)
    {
        foreach (var name in applications)
        {
            Write(name, Manifest.Served(await ApplicationAsync(name)));
        }

        return this;
    }

    /// <summary>Starts an application that no manifest speaks of.</summary>
    public async Task<Application> ApplicationAsync(string name) =>
        _applications[name] = await Application.StartAsync(name);

    public void Write(string name, string manifests) => Control.Manifests.Write($"{name}.yaml", manifests);

    public void Delete(string name) => Control.Manifests.Delete($"{name}.yaml");

    /// <summary>Starts the control plane and a proxy, and awaits the first answer of a service.</summary>
    public async Task StartAsync(DataPlaneKind kind, string service, string protocol = "delta", int drainSeconds = 1)
    {
        Write("client", Manifest.Workload("client", null, outbound: _outbound));
        await Control.StartAsync();
        _proxy = await DataPlane.StartAsync(kind, Control, Client, protocol, drainSeconds: drainSeconds);
        _caller = new Caller(_outbound);
        await Control.SyncedAsync(Client);
        await _caller.AnswersAsync(service, answer => answer.Status == System.Net.HttpStatusCode.OK);
    }

    public async ValueTask DisposeAsync()
    {
        _caller?.Dispose();
        if (_proxy is not null)
        {
            await _proxy.DisposeAsync();
        }

        await Control.DisposeAsync();
        foreach (var application in _applications.Values)
        {
            await application.DisposeAsync();
        }
    }
}
