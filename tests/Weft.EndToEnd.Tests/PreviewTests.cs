using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Weft.EndToEnd.Tests.Stage;
using Weft.Testing;

namespace Weft.EndToEnd.Tests;

/// <summary>What is served, what a change would do, and where a request goes, asked of a running control plane.</summary>
public sealed class PreviewTests : IAsyncDisposable
{
    private readonly Mesh _mesh = new();
    private readonly TempFolder _next = new();

    [Fact]
    public async Task Config_shows_what_a_node_is_served_and_that_it_has_it()
    {
        await StartAsync();
        var table = await WeftProgram.OutputAsync("config", Mesh.Client, "--server", Server);
        Assert.All(table.Split('\n'), line => Assert.True(line.Length <= 80, line));
        Assert.Contains("rds  outbound", table, StringComparison.Ordinal);

        var routes = JsonNode.Parse(await WeftProgram.OutputAsync(
            "config", Mesh.Client, "--type", "rds", "--json", "--server", Server))!.AsArray();
        Assert.Equal("outbound", Assert.Single(routes)!["name"]!.GetValue<string>());
        Assert.Contains("rds: synced, 1 of 1", await WeftProgram.OutputAsync(
            "config", Mesh.Client, "--diff", "--server", Server), StringComparison.Ordinal);
        Assert.Equal(1, (await WeftProgram.RunAsync("config", "nobody.nowhere", "--server", Server)).ExitCode);
    }

    [Fact]
    public async Task Config_shows_what_a_node_that_rejected_something_lacks()
    {
        Peers.Require("envoy");
        await _mesh.WithAsync("v1");
        await _mesh.StartAsync(DataPlaneKind.Envoy, "v1");
        const string Ring = "lb_policy: RING_HASH\n  ring_hash_lb_config: {minimum_ring_size: 2000, maximum_ring_size: 1000}";
        _mesh.Control.Resources.Write("raw.yaml", Raw.File(Raw.Cluster("raw", FreePorts.Next(), Ring)));
        await _mesh.Control.NodeAsync(Mesh.Client, p => p.State == "rejected");
        var diff = await WeftProgram.OutputAsync("config", Mesh.Client, "--diff", "--server", Server);
        Assert.Contains("cds: rejected: ", diff, StringComparison.Ordinal);
        Assert.Contains("  + raw", diff, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Preview_tells_a_change_and_its_undo_restores_what_was()
    {
        await StartAsync();
        var (code, same) = await PreviewAsync(_mesh.Control.Manifests.Path);
        Assert.Equal(0, code);
        Assert.Contains("risk: none", same, StringComparison.Ordinal);

        CopyTo(_next, Split(50, 50));
        var undo = Path.Combine(_next.Path, "undo");
        var (low, told) = await PreviewAsync(_next.Path, "--undo", undo);
        Assert.Equal(0, low);
        Assert.Contains("reviews: 90 % → 50 % to v1, 10 % → 50 % to v2", told, StringComparison.Ordinal);
        Assert.Contains("risk: low", told, StringComparison.Ordinal);
        Assert.Equal(2, (await PreviewAsync(_next.Path, "--undo", undo)).ExitCode);

        _mesh.Write("route", Split(50, 50));
        await Eventually.GetAsync(
            "the weights", _ => ConfigAsync(), config => config.Contains("\"weight\": 50", StringComparison.Ordinal),
            cancellation: TestContext.Current.CancellationToken);
        var (_, back) = await PreviewAsync(undo);
        Assert.Contains("reviews: 50 % → 90 % to v1, 50 % → 10 % to v2", back, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Preview_is_3_for_a_dangerous_change_and_1_for_a_mistake()
    {
        await StartAsync();
        CopyTo(_next, Manifest.Service("reviews") + Manifest.Route("reviews", Manifest.Rule("", ("nobody", 1))));
        var (high, told) = await PreviewAsync(_next.Path, "--json");
        Assert.Equal(3, high);
        var view = JsonNode.Parse(told)!;
        Assert.Equal("high", view["risk"]!.GetValue<string>());
        Assert.Equal([Mesh.Client], view["changes"]![0]!["proxies"]!.AsArray().Select(p => p!.GetValue<string>()));

        CopyTo(_next, Split(50, 50).Replace("weight: 50", "weight: many", StringComparison.Ordinal));
        var (invalid, why) = await PreviewAsync(_next.Path);
        Assert.Equal(1, invalid);
        Assert.Contains($"{_next.PathOf("route.yaml")}:", why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Preview_foresees_what_an_embedded_proxy_then_rejects_in_the_same_words()
    {
        await StartAsync();
        _next.Write("raw.yaml", Raw.File(Raw.Cluster("raw", FreePorts.Next(), "lrs_server: {self: {}}")));
        var (code, told) = await PreviewAsync(_mesh.Control.Manifests.Path, "--resources", _next.Path, "--json");
        Assert.Equal(3, code);
        var foreseen = JsonNode.Parse(told)!["wouldReject"]!.AsArray()
            .Single(r => r!["proxies"]!.AsArray().Any(p => p!.GetValue<string>() == Mesh.Client))!["reason"]!.GetValue<string>();

        _mesh.Control.Resources.Write("raw.yaml", File.ReadAllText(_next.PathOf("raw.yaml")));
        await _mesh.Control.NodeAsync(
            Mesh.Client, p => p.Types["cds"].Error?.Contains(foreseen, StringComparison.Ordinal) == true);
    }

    [Fact]
    public async Task Explain_finds_the_routes_of_raw_resources_as_a_node_of_no_Workload_gets_them()
    {
        _next.Write("raw.yaml", Raw.File(Raw.Cluster("raw", 8101), Raw.Listener("edge", 8400, "raw")));
        string[] ask = ["route", "explain", "--from", "edge", "--to", "www.example.com", "--resources"];
        Assert.Contains("100 % to raw: 127.0.0.1:8101", await WeftProgram.OutputAsync([.. ask, _next.Path]), StringComparison.Ordinal);
        Assert.Equal(2, (await WeftProgram.RunAsync([.. ask, _next.PathOf("none")])).ExitCode);

        // What is in a mistake is left out, which is not left unsaid.
        _next.Write("more.yaml", "resources: [{name: nothing}]\n");
        var (code, told) = await WeftProgram.RunAsync([.. ask, _next.Path]);
        Assert.Equal(0, code);
        Assert.Contains("1 mistake", told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Explain_says_which_route_takes_a_request_and_where_it_goes()
    {
        await StartAsync();
        var text = await WeftProgram.OutputAsync(
            "route", "explain", "--from", Mesh.Client, "--to", "reviews", "--path", "/a", "--server", Server);
        Assert.Contains("takes it       shop/reviews/0/0", text, StringComparison.Ordinal);
        Assert.Contains("90 % to v1: 127.0.0.1:", text, StringComparison.Ordinal);

        string[] offline = ["--manifests", _mesh.Control.Manifests.Path, "--json"];
        var json = JsonNode.Parse(await WeftProgram.OutputAsync(
            ["route", "explain", "--from", Mesh.Client, "--to", "reviews", .. offline]))!;
        Assert.Equal("takes", json["tables"]![0]!["routes"]![0]!["verdict"]!.GetValue<string>());
        Assert.Equal(2, (await WeftProgram.RunAsync("route", "explain", "--from", Mesh.Client)).ExitCode);
    }

    [Fact]
    public async Task Envoy_agrees_with_every_case_that_explain_is_tested_with()
    {
        Peers.Require("envoy");
        var (matches, domains) = (ExplainCases.Matches(), ExplainCases.Domains());
        var (one, other) = (FreePorts.Next(), FreePorts.Next());
        _mesh.Control.Resources.Write("cases.json", ExplainCases.Resources(one, matches.Hosts, other, domains.Hosts));
        await _mesh.Control.StartAsync();
        await using var envoy = await DataPlane.StartAsync(DataPlaneKind.Envoy, _mesh.Control, "cases.shop");
        await _mesh.Control.SyncedAsync("cases.shop");
        await Eventually.ListensAsync(one);
        await Eventually.ListensAsync(other);
        var wrong = new List<string>();
        foreach (var (port, asked) in matches.Asked.Select(a => (one, a)).Concat(domains.Asked.Select(a => (other, a))))
        {
            var said = await asked.AskAsync(port);
            if (said != asked.Expected)
            {
                wrong.Add($"{asked.Line}: Envoy says '{said}'");
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    public ValueTask DisposeAsync()
    {
        _next.Dispose();
        return _mesh.DisposeAsync();
    }

    private string Server => $"http://{_mesh.Control.Admin}";

    private static string Split(int v1, int v2) =>
        Manifest.Service("reviews") + Manifest.Route("reviews", Manifest.Rule("", ("v1", v1), ("v2", v2)));

    private async Task StartAsync()
    {
        await _mesh.WithAsync("v1", "v2");
        _mesh.Write("route", Split(90, 10));
        await _mesh.StartAsync(DataPlaneKind.Embedded, "reviews");
    }

    private Task<string> ConfigAsync() => WeftProgram.OutputAsync("config", Mesh.Client, "--type", "rds", "--json", "--server", Server);

    private Task<(int ExitCode, string Output)> PreviewAsync(string folder, params IEnumerable<string> more) =>
        WeftProgram.RunAsync(["preview", folder, "--server", Server, .. more]);

    // What is in force, with another file of routes.
    private void CopyTo(TempFolder folder, string route)
    {
        foreach (var file in Directory.EnumerateFiles(_mesh.Control.Manifests.Path))
        {
            folder.Write(Path.GetFileName(file), File.ReadAllText(file));
        }

        folder.Write("route.yaml", route);
    }
}

/// <summary>The cases of <c>tests/Weft.Tests/Preview/cases</c> as a configuration of Envoy and requests to it.</summary>
internal static class ExplainCases
{
    /// <summary>The header in which Envoy says which route it took.</summary>
    public const string Header = "x-case";

    private static readonly string Folder = Path.Combine(RepositoryRoot.Path, "tests/Weft.Tests/Preview/cases");

    public sealed record Asked(string Line, string Host, string Method, string Path, (string Name, string Value)[] Headers, string Expected)
    {
        /// <summary>Asks byte by byte: a client library would write some of the requests in another way.</summary>
        public async Task<string> AskAsync(int port)
        {
            using var tcp = new TcpClient();
            await tcp.ConnectAsync(IPAddress.Loopback, port, TestContext.Current.CancellationToken);
            var headers = string.Concat(Headers.Select(h => $"{h.Name}: {h.Value}\r\n"));
            await tcp.GetStream().WriteAsync(
                Encoding.ASCII.GetBytes($"{Method} {Path} HTTP/1.1\r\nhost: {Host}\r\n{headers}content-length: 0\r\nconnection: close\r\n\r\n"),
                TestContext.Current.CancellationToken);
            using var reader = new StreamReader(tcp.GetStream(), Encoding.ASCII);
            var status = await reader.ReadLineAsync(TestContext.Current.CancellationToken);
            while (await reader.ReadLineAsync(TestContext.Current.CancellationToken) is { Length: > 0 } line)
            {
                if (line.StartsWith($"{Header}: ", StringComparison.Ordinal))
                {
                    return line[(Header.Length + 2)..];
                }
            }

            return status ?? "nothing";
        }
    }

    /// <summary>Each match is a route of a virtual host of its own, before one that takes the rest.</summary>
    public static (JsonArray Hosts, List<Asked> Asked) Matches()
    {
        var (hosts, asked) = (new JsonArray(), new List<Asked>());
        foreach (var line in Lines("matches.txt"))
        {
            var parts = line.Split(" | ");
            var request = parts[2].Split(" ; ");
            var start = request[0].Split(' ');
            var host = string.Create(CultureInfo.InvariantCulture, $"case-{asked.Count}");
            hosts.Add(new JsonObject
            {
                ["name"] = host,
                ["domains"] = new JsonArray(host),
                ["routes"] = new JsonArray(Answer(JsonNode.Parse(parts[1])!, "fits"), Answer(new JsonObject { ["prefix"] = "/" }, "misses")),
            });
            asked.Add(new(line, host, start[0], start[1], [.. request[1..].Select(HeaderOf)], parts[0]));
        }

        return (hosts, asked);
    }

    public static (JsonArray Hosts, List<Asked> Asked) Domains()
    {
        var (hosts, asked) = (new JsonArray(), new List<Asked>());
        foreach (var line in Lines("domains.txt"))
        {
            var colon = line.LastIndexOf(": ", StringComparison.Ordinal);
            var (left, right) = (line[..colon], line[(colon + 2)..]);
            if (left.StartsWith("host ", StringComparison.Ordinal))
            {
                hosts.Add(new JsonObject
                {
                    ["name"] = left[5..],
                    ["domains"] = new JsonArray([.. right.Split(", ").Select(d => (JsonNode)d)]),
                    ["routes"] = new JsonArray(Answer(new JsonObject { ["prefix"] = "/" }, left[5..])),
                });
            }
            else
            {
                asked.Add(new(line, left[4..], "GET", "/", [], right));
            }
        }

        return (hosts, asked);
    }

    public static string Resources(int onePort, JsonArray one, int otherPort, JsonArray other) => new JsonObject
    {
        ["resources"] = new JsonArray(Listener("one", onePort, one), Listener("other", otherPort, other)),
    }.ToJsonString();

    private static IEnumerable<string> Lines(string file) =>
        File.ReadAllLines(Path.Combine(Folder, file)).Where(l => l.Length > 0 && l[0] != '#');

    private static (string, string) HeaderOf(string text) => text.Split(": ") is [var name, var value]
        ? (name, value)
        : throw new InvalidDataException($"'{text}' is no header.");

    // In a header: the body of an answer to a gRPC call is replaced by Envoy.
    private static JsonObject Answer(JsonNode match, string said) => new()
    {
        ["match"] = match,
        ["direct_response"] = new JsonObject { ["status"] = (int)HttpStatusCode.OK },
        ["response_headers_to_add"] = new JsonArray(new JsonObject { ["header"] = new JsonObject { ["key"] = Header, ["value"] = said } }),
    };

    private static JsonObject Listener(string name, int port, JsonArray hosts) => new()
    {
        ["@type"] = "type.googleapis.com/envoy.config.listener.v3.Listener",
        ["name"] = name,
        ["address"] = JsonNode.Parse($$$"""{"socket_address": {"address": "127.0.0.1", "port_value": {{{port}}}}}"""),
        ["filter_chains"] = new JsonArray(new JsonObject
        {
            ["filters"] = new JsonArray(new JsonObject
            {
                ["name"] = "envoy.filters.network.http_connection_manager",
                ["typed_config"] = new JsonObject
                {
                    ["@type"] = "type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager",
                    ["stat_prefix"] = name,
                    ["route_config"] = new JsonObject { ["name"] = name, ["virtual_hosts"] = hosts },
                    ["http_filters"] = JsonNode.Parse("""
                        [{"name": "envoy.filters.http.router", "typed_config": {
                          "@type": "type.googleapis.com/envoy.extensions.filters.http.router.v3.Router"}}]
                        """),
                },
            }),
        }),
    };
}
