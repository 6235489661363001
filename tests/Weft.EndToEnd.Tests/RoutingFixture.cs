using Weft.EndToEnd.Tests.Stage;
using Weft.Testing;

namespace Weft.EndToEnd.Tests;

/// <summary>One mesh with every routing case, and a client of each data plane in it.</summary>
public sealed class RoutingFixture : IAsyncLifetime
{
    private readonly WeftRun _control = new();
    private readonly List<Application> _applications = [];
    private readonly Clients<Client> _clients;

    public RoutingFixture() => _clients = new(_control, kind => Client.StartAsync(_control, kind, "a"));

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
        await _clients.DisposeAsync();

        await _control.DisposeAsync();
        foreach (var application in _applications)
        {
            await application.DisposeAsync();
        }
    }

    internal Task<Client> ClientAsync(DataPlaneKind kind) => _clients.Of(kind);

    /// <summary>Adds what the programs said to the output of a test that ends.</summary>
    internal Task ShowAsync() => _clients.ShowAsync();
}
