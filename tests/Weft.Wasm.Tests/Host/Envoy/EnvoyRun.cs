using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Weft.Testing;

namespace Weft.Wasm.Tests.Host.Envoy;

/// <summary>
/// An Envoy with one plugin before an <see cref="EchoServer"/>; <c>auth</c> is a cluster that leads there, too.
/// </summary>
internal sealed class EnvoyRun : IAsyncDisposable
{
    private readonly TempFolder _folder = new();
    private readonly HttpClient _http = new();
    private readonly int _port = FreePorts.Next();
    private readonly int _admin = FreePorts.Next();
    private ChildProcess? _envoy;

    public EchoServer Server { get; } = new();

    /// <summary>Starts it and waits until it listens.</summary>
    /// <param name="module">The plugin.</param>
    /// <param name="configuration">The plugin's configuration.</param>
    /// <param name="vm">The machine's configuration.</param>
    public static async Task<EnvoyRun> StartAsync(byte[] module, string configuration, string vm = "")
    {
        var program = Peers.Require("envoy");
        var run = new EnvoyRun();
        await File.WriteAllBytesAsync(run._folder.PathOf("plugin.wasm"), module);
        run._folder.Write("envoy.json", run.Bootstrap(configuration, vm));
        run._envoy = ChildProcess.Start(program,
        [
            "-c", run._folder.PathOf("envoy.json"), "--use-dynamic-base-id", "--concurrency", "1", "--log-level", "warning",
            "--component-log-level", "wasm:trace", "--log-format", "%n|%l|%v", "--disable-hot-restart",
        ]);
        await Eventually.AnswersAsync(new($"http://127.0.0.1:{run._admin}/ready"));
        return run;
    }

    /// <summary>Sends a request byte by byte as given: a client of .NET would put equal headers together.</summary>
    public async Task<(int Status, Dictionary<string, string> Headers, string Body)> GetAsync(
        string path, params (string Name, string Value)[] headers)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, _port, TestContext.Current.CancellationToken);
        var request = $"GET {path} HTTP/1.1\r\nhost: test\r\nconnection: close\r\n"
            + string.Concat(headers.Select(h => $"{h.Name}: {h.Value}\r\n")) + "\r\n";
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(request), TestContext.Current.CancellationToken);
        using var reader = new StreamReader(client.GetStream());
        var text = await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
        var parts = text.Split("\r\n\r\n", 2);
        var lines = parts[0].Split("\r\n");
        return (int.Parse(lines[0].Split(' ')[1], CultureInfo.InvariantCulture), EchoServer.Parse(lines[1..]), parts[1]);
    }

    /// <summary>A counter or gauge that Envoy has, or null.</summary>
    public async Task<ulong?> MetricAsync(string name)
    {
        var page = await _http.GetStringAsync($"http://127.0.0.1:{_admin}/stats");
        var line = page.Split('\n').FirstOrDefault(l => l.Contains(name + ":", StringComparison.Ordinal));
        return line is null ? null : ulong.Parse(line.Split(": ")[1], CultureInfo.InvariantCulture);
    }

    /// <summary>What the plugin has logged so far.</summary>
    public IReadOnlyList<string> Logs => [.. _envoy!.Lines.Where(l => l.Contains("wasm log", StringComparison.Ordinal))
        .Select(l => l[(l.IndexOf(": ", StringComparison.Ordinal) + 2)..])];

    public Task<string> WaitForLogAsync(string line) => _envoy!.WaitForLineAsync(line);

    public async ValueTask DisposeAsync()
    {
        if (_envoy is not null)
        {
            await _envoy.DisposeAsync();
        }

        await Server.DisposeAsync();
        _http.Dispose();
        _folder.Dispose();
    }

    private static string Address(int port) =>
        $$"""{"socketAddress": {"address": "127.0.0.1", "portValue": {{port}} } }""";

    private static string Text(string value) =>
        $$"""{"@type": "type.googleapis.com/google.protobuf.StringValue", "value": {{JsonSerializer.Serialize(value)}} }""";

    private string Cluster(string name) => $$"""
        {"name": "{{name}}", "type": "STATIC", "connectTimeout": "1s", "loadAssignment": {"clusterName": "{{name}}",
         "endpoints": [{"lbEndpoints": [{"endpoint": {"address": {{Address(Server.Port)}} } }] }] } }
        """;

    private string Bootstrap(string configuration, string vm) => new StringBuilder($$"""
        {"admin": {"address": {{Address(_admin)}} }, "staticResources": {"clusters": [{{Cluster("echo")}}, {{Cluster("auth")}}],
         "listeners": [{"name": "l", "address": {{Address(_port)}}, "filterChains": [{"filters": [{"name": "http", "typedConfig": {
           "@type": "type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager",
           "statPrefix": "l",
           "routeConfig": {"virtualHosts": [{"name": "v", "domains": ["*"], "routes": [
             {"match": {"prefix": "/"}, "route": {"cluster": "echo"} }] }] },
           "httpFilters": [
             {"name": "plugin", "typedConfig": {
               "@type": "type.googleapis.com/envoy.extensions.filters.http.wasm.v3.Wasm", "config": {
                 "name": "plugin", "rootId": "root", "configuration": {{Text(configuration)}},
                 "vmConfig": {"runtime": "envoy.wasm.runtime.v8", "vmId": "vm", "configuration": {{Text(vm)}},
                   "code": {"local": {"filename": "{{_folder.PathOf("plugin.wasm")}}"} } } } } },
             {"name": "router", "typedConfig": {
               "@type": "type.googleapis.com/envoy.extensions.filters.http.router.v3.Router"} }] } }] }] }] } }
        """).ToString();
}
