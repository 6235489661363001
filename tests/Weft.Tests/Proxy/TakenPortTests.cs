using System.Net;
using System.Net.Sockets;
using Envoy.Config.Core.V3;

namespace Weft.Tests.Proxy;

public sealed class TakenPortTests
{
    [Fact]
    public async Task A_listener_whose_port_is_taken_is_reported_and_the_others_go_on()
    {
        using var other = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        other.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        other.Listen();
        await using var mesh = await Mesh.StartAsync();
        await mesh.RouteAsync(Resources.Routes("r", Resources.Split(("a", 1))), ("a", await mesh.ServeAsync("a")));
        var taken = Resources.Listener("taken", "r");
        taken.Address = new Address
        {
            SocketAddress = new() { Address = "127.0.0.1", PortValue = (uint)((IPEndPoint)other.LocalEndPoint!).Port },
        };
        mesh.Plane.Apply([taken]);
        var status = await mesh.UntilAsync(s => s.Listeners.Any(l => l is { Name: "taken", Error: not null }));
        Assert.NotNull(Assert.Single(status.Listeners, l => l.Name == "l").Address);
        Assert.False(mesh.Proxy.Completion.IsCompleted);
    }
}
