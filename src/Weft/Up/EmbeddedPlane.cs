using System.Net;
using Weft.ControlPlane;
using Weft.Model;
using Weft.Proxy;

namespace Weft.Up;

/// <summary>The embedded proxy of one workload or gateway.</summary>
internal sealed class EmbeddedPlane(ProxyHost host, Uri stats) : IDataPlane
{
    public Uri Stats { get; } = stats;

    public static async Task<IDataPlane> StartAsync(
        ObjectName name, bool isGateway, UpSettings settings, ILoggerFactory loggers, CancellationToken cancellation)
    {
        var admin = new IPEndPoint(IPAddress.Loopback, LoopbackPort.Free());
        var host = await ProxyHost.StartAsync(
            new ProxySettings(
                name.NodeId,
                name.Name,
                new Uri($"http://{settings.Xds}"),
                admin,
                NodeGroup.Metadata(NodeGroup.ProxyOf(name, isGateway), admin.ToString()))
            {
                DrainTimeout = TimeSpan.FromSeconds(2),
            },
            loggers,
            cancellation);
        return new EmbeddedPlane(host, new Uri($"http://{admin}/stats/prometheus"));
    }

    public ValueTask DisposeAsync() => host.DisposeAsync();
}
