using System.Text.Json;
using System.Text.Json.Nodes;
using Weft.Testing;

namespace Weft.EndToEnd.Tests.Stage;

/// <summary>A running proxy of either kind.</summary>
internal sealed class DataPlane : IAsyncDisposable
{
    private readonly TempFolder _folder = new();
    private readonly HttpClient _http = new();
    private readonly string _admin = $"127.0.0.1:{FreePorts.Next()}";
    private ChildProcess? _process;

    private DataPlane()
    {
    }

    /// <summary>Starts a proxy for a node.</summary>
    /// <param name="protocol"><c>delta</c> or <c>sotw</c>, which only Envoy speaks.</param>
    /// <param name="isGateway">Whether the node is a gateway, else it stands beside a workload.</param>
    /// <param name="amend">What to change in Envoy's bootstrap.</param>
    /// <param name="drainSeconds">
    /// How long Envoy asks the connections of a listener that has changed to close, before it cuts them; with a second it
    /// never asks, for it counts whole seconds.
    /// </param>
    /// <param name="workers">How many threads of Envoy take connections.</param>
    /// <param name="credentials">Options that say how it proves itself.</param>
    public static async Task<DataPlane> StartAsync(
        DataPlaneKind kind, WeftRun control, string node, string protocol = "delta", bool isGateway = false,
        Action<JsonNode>? amend = null, int drainSeconds = 1, int workers = 1,
        params string[] credentials)
    {
        var envoy = kind == DataPlaneKind.Envoy ? Peers.Require("envoy") : null;
        var plane = new DataPlane();
        string[] identity = isGateway ? ["--node", node, "--gateway", .. credentials] : ["--node", node, .. credentials];
        plane._process = envoy is not null
            ? await plane.StartEnvoyAsync(envoy, control, protocol, identity, amend, drainSeconds, workers)
            : WeftProgram.Start(["proxy", .. identity, "--xds", control.Xds, "--admin", plane._admin]);
        return plane;
    }

    public ChildProcess Process => _process ?? throw new InvalidOperationException("The proxy was not started.");

    /// <summary>A page of the proxy's admin listener.</summary>
    public Task<string> PageAsync(string path) =>
        _http.GetStringAsync(new Uri($"http://{_admin}{path}"), TestContext.Current.CancellationToken);

    /// <summary>Envoy's counters and gauges by their own names.</summary>
    public async Task<Dictionary<string, double>> StatsAsync()
    {
        var page = JsonNode.Parse(await PageAsync("/stats?format=json"))!;
        return page["stats"]!.AsArray().Where(s => s!["value"]?.GetValueKind() == JsonValueKind.Number)
            .ToDictionary(s => s!["name"]!.GetValue<string>(), s => s!["value"]!.GetValue<double>());
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await StageLog.CloseAsync(_process);
        }

        _http.Dispose();
        _folder.Dispose();
    }

    private async Task<ChildProcess> StartEnvoyAsync(
        string envoy, WeftRun control, string protocol, string[] identity, Action<JsonNode>? amend, int drainSeconds,
        int workers)
    {
        var bootstrap = JsonNode.Parse(await WeftProgram.OutputAsync(
            ["bootstrap", "envoy", .. identity, "--xds", control.Xds, "--admin", _admin, "--protocol", protocol]))!;
        amend?.Invoke(bootstrap);
        _folder.Write("envoy.json", bootstrap.ToJsonString());
        return ChildProcess.Start(envoy,
        [
            "-c", _folder.PathOf("envoy.json"), "--use-dynamic-base-id", "--concurrency", $"{workers}",
            "--drain-time-s", $"{drainSeconds}",
            "--log-level", "warning",
            // Lines of access logs are written at once, not after ten seconds.
            "--file-flush-interval-msec", "20",
        ]);
    }
}
