using System.Net;
using Weft.Bootstrap;
using Weft.Model;

namespace Weft.Up;

/// <summary>An Envoy process of one workload or gateway, with a bootstrap in a temporary folder.</summary>
internal sealed class EnvoyPlane : IDataPlane
{
    private readonly ChildProgram _envoy;
    private readonly string _bootstrap;

    private EnvoyPlane(ChildProgram envoy, string bootstrap, Uri stats)
    {
        _envoy = envoy;
        _bootstrap = bootstrap;
        Stats = stats;
    }

    public Uri Stats { get; }

    public static IDataPlane Start(ObjectName name, bool isGateway, UpSettings settings, Action<string> say)
    {
        var admin = new IPEndPoint(IPAddress.Loopback, LoopbackPort.Free());
        var bootstrap = Path.Combine(Path.GetTempPath(), $"weft-{Environment.ProcessId}-{name.NodeId}.json");
        File.WriteAllText(bootstrap, EnvoyBootstrap.Json(name.NodeId, isGateway, settings.Xds, admin, delta: true));
        var envoy = ChildProgram.Start(new(
            $"envoy {name.NodeId}",
            settings.Envoy,
            ["-c", bootstrap, "--use-dynamic-base-id", "--log-level", "error", "--concurrency", "1", "--drain-time-s", "1"],
            Environment.CurrentDirectory,
            []), say);
        return new EnvoyPlane(envoy, bootstrap, new Uri($"http://{admin}/stats/prometheus"));
    }

    public async ValueTask DisposeAsync()
    {
        await _envoy.DisposeAsync();
        File.Delete(_bootstrap);
    }
}
