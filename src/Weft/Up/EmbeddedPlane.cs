using System.Net;
using Weft.ControlPlane;
using Weft.Model;
using Weft.Proxy;
using Weft.Proxy.Wasm;
using Weft.Telemetry;

namespace Weft.Up;

/// <summary>The embedded proxy of one workload or gateway.</summary>
internal sealed class EmbeddedPlane : IDataPlane
{
    private readonly CancellationTokenSource _ending = new();
    private readonly ProxyHost _host;
    private readonly Task _following;

    private EmbeddedPlane(ProxyHost host, string node, Uri stats, ProxySpans spans)
    {
        _host = host;
        _following = spans.FollowAsync(host, node, _ending.Token);
        Stats = stats;
    }

    public Uri Stats { get; }

    public static async Task<IDataPlane> StartAsync(
        ObjectName name, bool isGateway, UpSettings settings, ProxySpans spans, ILoggerFactory loggers,
        CancellationToken cancellation)
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
                Filters = [new WasmFilterFactory()],
            },
            loggers,
            cancellation);
        return new EmbeddedPlane(host, name.NodeId, new Uri($"http://{admin}/stats/prometheus"), spans);
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        await _ending.CancelAsync();
        await _following.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _ending.Dispose();
    }
}
