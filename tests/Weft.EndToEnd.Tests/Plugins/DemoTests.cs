using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Weft.EndToEnd.Tests.Stage;
using Weft.Testing;

namespace Weft.EndToEnd.Tests.Plugins;

/// <summary>The bookshop as it is delivered, on ports of its own: a colour goes with a request through four services.</summary>
public sealed partial class DemoTests : IAsyncDisposable
{
    private const int Gateway = 9100;

    // Fifteen programs start at once, on two cores if need be.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly TempFolder _folder = new();
    private readonly Dictionary<int, int> _ports = [];
    private ChildProcess? _up;

    [Theory, EachDataPlane]
    public async Task A_testers_cookie_leads_to_the_new_catalog_and_the_new_reviews_and_stable_ones_where_there_is_no_new(
        DataPlaneKind kind)
    {
        string[] plane = kind == DataPlaneKind.Envoy
            ? ["--data-plane", "envoy", "--envoy", Peers.Require("envoy")]
            : ["--data-plane", "embedded"];
        CopyManifests();
        _up = WeftProgram.Start(
            ["up", _folder.Path, "--json", "--xds", $"127.0.0.1:{FreePorts.Next()}",
            "--admin", $"127.0.0.1:{FreePorts.Next()}", .. plane]);
        await _up.WaitForLineAsync(
            "all proxies synced and requests of the shopper",
            line => line.StartsWith('{') && IsRunning(JsonNode.Parse(line)!),
            Patience);
        await Eventually.ListensAsync(_ports[Gateway], cancellation: TestContext.Current.CancellationToken);
        using var visitor = new Caller(_ports[Gateway]);
        await VersionsAsync(visitor, "frontend v1, catalog v2, reviews v2, ratings v1", ("cookie", "beta=1"));

        // The tag alone, from outside: nine of ten get the old catalog, all of them the old reviews.
        await VersionsAsync(visitor, "frontend v1, catalog v1, reviews v1, ratings v1", ("x-envoy-flow-tag", "canary-v2"));

        // Within the mesh it is believed.
        using var within = new Caller(_ports[9101]);
        await VersionsAsync(within, "frontend v1, catalog v2, reviews v2, ratings v1", ("x-envoy-flow-tag", "canary-v2"));
        for (var again = 0; again < 20; again++)
        {
            Assert.Equal(
                "frontend v1, catalog v2, reviews v2, ratings v1",
                Versions((await visitor.GetAsync("shop.test", "/", ("cookie", "beta=1"))).Body));
            Assert.EndsWith(
                "reviews v1, ratings v1", Versions((await visitor.GetAsync("shop.test")).Body), StringComparison.Ordinal);
        }

        _up.Signal("INT");
        Assert.Equal(0, await _up.WaitForExitAsync());
    }

    public async ValueTask DisposeAsync()
    {
        if (_up is not null)
        {
            await StageLog.CloseAsync(_up);
        }

        _folder.Dispose();
    }

    private static bool IsRunning(JsonNode view) =>
        view["proxiesSynced"]!.GetValue<int>() == view["proxies"]!.GetValue<int>()
        && view["requests"]!.GetValue<double>() > 0;

    private static async Task VersionsAsync(Caller caller, string versions, (string Name, string Value) header) =>
        await Eventually.GetAsync(
            versions, async _ => Versions((await caller.GetAsync("shop.test", "/", header)).Body), seen => seen == versions,
            cancellation: TestContext.Current.CancellationToken);

    private static string Versions(string body)
    {
        var versions = new List<string>();
        for (var call = body.StartsWith('{') ? JsonNode.Parse(body) : null; call is not null; call = call["calls"])
        {
            versions.Add($"{call["service"]} {call["version"]}");
        }

        return versions.Count == 0 ? body : string.Join(", ", versions);
    }

    // With the program of this build, and ports that nobody else has.
    private void CopyManifests()
    {
        var program = Path.Combine(RepositoryRoot.Path, "artifacts/bin/Bookshop/release/bookshop");
        Assert.SkipUnless(File.Exists(program), "needs the bookshop: build the solution");
        foreach (var file in Directory.EnumerateFiles(Path.Combine(RepositoryRoot.Path, "samples/bookshop"), "*.yaml"))
        {
            var text = Build().Replace(File.ReadAllText(file), "").Replace("services/bin/bookshop", program, StringComparison.Ordinal);
            _folder.Write(Path.GetFileName(file), Ports().Replace(text, PortOf));
        }
    }

    private string PortOf(Match port)
    {
        var number = int.Parse(port.Value, CultureInfo.InvariantCulture);
        var own = _ports.TryGetValue(number, out var known) ? known : _ports[number] = FreePorts.Next();
        return own.ToString(CultureInfo.InvariantCulture);
    }

    [GeneratedRegex(@"^ *build: .*\n", RegexOptions.Multiline)]
    private static partial Regex Build();

    [GeneratedRegex(@"(?<=[pP]ort: )9\d{3}\b")]
    private static partial Regex Ports();
}
