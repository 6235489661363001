using System.Net;
using System.Net.Sockets;
using Weft.Testing;

namespace Weft.Tests.Testing;

public sealed class FreePortsTests
{
    [Fact]
    public void No_port_is_given_out_twice_and_each_can_be_listened_on()
    {
        // More than one block.
        var ports = Enumerable.Range(0, 120).AsParallel().Select(_ => FreePorts.Next()).ToList();
        Assert.Equal(ports.Count, ports.Distinct().Count());
        foreach (var port in ports)
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
        }
    }
}
