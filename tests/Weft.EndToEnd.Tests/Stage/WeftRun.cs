using System.Text;
using Weft.Admin;
using Weft.Commands;
using Weft.Testing;

namespace Weft.EndToEnd.Tests.Stage;

/// <summary>A running <c>weft run</c> with folders of its own.</summary>
internal sealed class WeftRun : IAsyncDisposable
{
    private readonly HttpClient _http = new();
    private ChildProcess? _process;

    /// <summary>The manifests.</summary>
    public TempFolder Manifests { get; } = new();

    /// <summary>The raw resources.</summary>
    public TempFolder Resources { get; } = new();

    public string Xds { get; } = $"127.0.0.1:{FreePorts.Next()}";

    public string Admin { get; } = $"127.0.0.1:{FreePorts.Next()}";

    /// <summary>Further options of <c>weft run</c>.</summary>
    public IReadOnlyList<string> Options { get; init; } = [];

    /// <summary>Whether its xDS listener is for other machines, too.</summary>
    public bool IsOpen { get; init; }

    public ChildProcess Process => _process ?? throw new InvalidOperationException("It was not started.");

    /// <summary>Starts it, or starts it again where it was, and awaits that it has read its sources.</summary>
    public async Task StartAsync()
    {
        _process = WeftProgram.Start(
        [
            "run", "--manifests", Manifests.Path, "--resources", Resources.Path,
            "--xds", IsOpen ? Xds.Replace("127.0.0.1", "0.0.0.0", StringComparison.Ordinal) : Xds, "--admin", Admin, .. Options,
        ]);
        await Eventually.AnswersAsync(
            new Uri($"http://{Admin}/readyz"), cancellation: TestContext.Current.CancellationToken);
    }

    /// <summary>Ends it as a crash does.</summary>
    public async Task KillAsync()
    {
        Process.Signal("KILL");
        await Process.WaitForExitAsync();
        await StageLog.CloseAsync(Process);
    }

    /// <summary>What <c>weft status --json</c> prints.</summary>
    public async Task<StatusView> StatusAsync() => StatusCommand.Parse(
        await WeftProgram.OutputAsync("status", "--json", "--server", $"http://{Admin}"));

    /// <summary>Awaits a status, asked at the address that <c>weft status</c> asks.</summary>
    public Task<StatusView> StatusAsync(string what, Func<StatusView, bool> isIt) => Eventually.GetAsync(
        what,
        async stop => StatusCommand.Parse(await _http.GetStringAsync(new Uri($"http://{Admin}/debug/status"), stop)),
        isIt,
        cancellation: TestContext.Current.CancellationToken);

    /// <summary>A page of the admin listener.</summary>
    public Task<string> PageAsync(string path, CancellationToken cancellation) =>
        _http.GetStringAsync(new Uri($"http://{Admin}{path}"), cancellation);

    /// <summary>What the client status discovery service answers by REST.</summary>
    /// <param name="request">A <c>ClientStatusRequest</c> as JSON.</param>
    public async Task<HttpResponseMessage> ClientStatusAsync(string request, CancellationToken cancellation)
    {
        using var body = new StringContent(request, Encoding.UTF8, "application/json");
        return await _http.PostAsync(new Uri($"http://{Admin}/v3/discovery:client_status"), body, cancellation);
    }

    /// <summary>Awaits that a node is connected and has accepted all that it is to have.</summary>
    public Task SyncedAsync(string node) => NodeAsync(node, p => p.State == "synced" && p.Types["lds"].Resources > 0);

    /// <summary>Awaits a state of a connected node.</summary>
    public Task NodeAsync(string node, Func<ProxyView, bool> isIt) =>
        StatusAsync($"the state of {node}", status => status.Proxies.Any(p => p.Node == node && isIt(p)));

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await StageLog.CloseAsync(_process);
        }

        _http.Dispose();
        Manifests.Dispose();
        Resources.Dispose();
    }
}
