using System.Collections.Concurrent;
using Microsoft.AspNetCore.Connections;
using Weft.Testing;
using Weft.Xds;

namespace Weft.Tests.Xds.Serving.Restless;

/// <summary>A server that dies and comes back on the same port, and whose connections break.</summary>
internal sealed class RestlessServer(TimeSpan maxConnectionAge) : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, ConnectionContext> _connections = new();
    private XdsServerFixture? _fixture;

    public int Port { get; } = FreePorts.Next();

    public ResourceSet Set { get; private set; } = ResourceSet.Empty;

    public int Streams => _fixture!.Server.Clients.Count(client => client.DisconnectedAt is null);

    /// <summary>What the server knows of a client, and of streams whose client has not said who it is.</summary>
    public string KnownOf(string id) => string.Join(" | ", _fixture!.Server.Clients
        .Where(client => client.Node.Id == id || client.Node.Id.Length == 0)
        .Select(client => $"{client.Node.Id} {client.Peer} {(client.DisconnectedAt is null ? "connected" : "gone")} "
            + string.Join(' ', client.Types.Select(type => $"{TypeUrl.ShortName(type.TypeUrl)} {type.State}"))));

    public void Publish(ResourceSet set)
    {
        Set = set;
        _fixture!.Server.Publish(set);
    }

    public async Task RestartAsync()
    {
        if (_fixture is not null)
        {
            await _fixture.KillAsync();
            await _fixture.DisposeAsync();
        }

        _fixture = await XdsServerFixture.StartAsync(
            new()
            {
                WarmingTimeout = TimeSpan.FromSeconds(1),
                KeepDisconnected = TimeSpan.FromSeconds(1),
                Overload = new() { MaxConnectionAge = maxConnectionAge },
            },
            port: Port,
            listen: options => options.Use(next => connection => HoldAsync(next, connection)));
        _fixture.Server.Publish(Set);
    }

    /// <summary>Breaks a connection without a word, if there is one.</summary>
    public void Break(Random dice)
    {
        var connections = _connections.Values.ToList();
        if (connections.Count > 0)
        {
            connections[dice.Next(connections.Count)].Abort();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_fixture is not null)
        {
            await _fixture.DisposeAsync();
        }
    }

    private async Task HoldAsync(ConnectionDelegate next, ConnectionContext connection)
    {
        _connections[connection.ConnectionId] = connection;
        try
        {
            await next(connection);
        }
        finally
        {
            _connections.TryRemove(connection.ConnectionId, out _);
        }
    }
}
