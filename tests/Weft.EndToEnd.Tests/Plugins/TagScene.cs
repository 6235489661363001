using System.Net;
using Weft.Admin;
using Weft.EndToEnd.Tests.Stage;
using Weft.Testing;

namespace Weft.EndToEnd.Tests.Plugins;

/// <summary>
/// A proxy, that of a gateway or the one beside a client, before two applications: what has the tag <c>canary</c> goes to
/// the one, all else to <c>stable</c>. A plugin decides on the tag.
/// </summary>
internal sealed class TagScene : IAsyncDisposable
{
    public const string Host = "reviews";
    public const string Header = "x-envoy-flow-tag";

    private readonly List<Application> _applications = [];
    private Caller? _caller;
    private DataPlane? _proxy;

    public WeftRun Control { get; } = new();

    public int Port { get; } = FreePorts.Next();

    public DataPlane Proxy => _proxy ?? throw new InvalidOperationException("The scene was not started.");

    public Caller Caller => _caller ??= new(Port);

    public string Node { get; private set; } = "";

    /// <summary>Starts all, and awaits an answer.</summary>
    /// <param name="settings">How TrafficTag is configured from the beginning.</param>
    public async Task StartAsync(DataPlaneKind kind, bool isGateway, string settings, int workers = 1)
    {
        Node = isGateway ? "edge.shop" : "client.shop";
        foreach (var name in (string[])["stable", "canary"])
        {
            var application = await Application.StartAsync(name);
            _applications.Add(application);
            Control.Manifests.Write($"{name}.yaml", Manifest.Served(application));
        }

        Control.Manifests.Write("mesh.yaml", Manifest.Service(Host) + (isGateway ? Gateway(Port) : "") + Route(isGateway)
            + (isGateway ? "" : Manifest.Workload("client", null, outbound: Port)));
        Tag(settings);
        await Control.StartAsync();
        _proxy = await DataPlane.StartAsync(kind, Control, Node, isGateway: isGateway, drainSeconds: 5, workers: workers);
        await Control.SyncedAsync(Node);
        await Caller.AnswersAsync(Host, answer => answer.Status == HttpStatusCode.OK);
    }

    /// <summary>Configures TrafficTag.</summary>
    public void Tag(string settings) => Plugin("weft://TrafficTag", $"pluginConfig: {settings}");

    /// <param name="more">A line of the spec.</param>
    public void Plugin(string url, string more = "") => Control.Manifests.Write("plugin.yaml", $$"""
        apiVersion: extensions.istio.io/v1alpha1
        kind: WasmPlugin
        metadata: {name: tag, namespace: shop}
        spec:
          url: {{url}}
          match: [{mode: CLIENT}]
          {{more}}

        """);

    /// <summary>Who answers a request with these headers.</summary>
    public async Task<string> AskAsync(params IEnumerable<(string Name, string Value)> headers) =>
        (await Caller.GetAsync(Host, "/", headers)).Body;

    /// <summary>Awaits that such a request is answered by this application.</summary>
    public Task LeadsToAsync(string application, params (string Name, string Value)[] headers) => Eventually.GetAsync(
        $"an answer of {application}", _ => AskAsync(headers), body => body == application,
        cancellation: TestContext.Current.CancellationToken);

    /// <summary>Awaits what the status says of the plugin.</summary>
    public async Task<PluginView> PluginAsync(string state)
    {
        PluginView? Of(StatusView status) => status.Proxies.FirstOrDefault(p => p.Node == Node)?.Plugins.FirstOrDefault();
        return Of(await Control.StatusAsync($"a plugin that is {state}", status => Of(status)?.State == state))!;
    }

    public async ValueTask DisposeAsync()
    {
        _caller?.Dispose();
        await (_proxy?.DisposeAsync() ?? default);
        await Control.DisposeAsync();
        foreach (var application in _applications)
        {
            await application.DisposeAsync();
        }
    }

    private static string Gateway(int port) => $$"""
        apiVersion: gateway.networking.k8s.io/v1
        kind: Gateway
        metadata: {name: edge, namespace: shop}
        spec:
          gatewayClassName: weft
          listeners: [{name: http, port: {{port}}, protocol: HTTP}]
        ---

        """;

    private static string Route(bool isGateway) => $$"""
        apiVersion: gateway.networking.k8s.io/v1
        kind: HTTPRoute
        metadata: {name: reviews, namespace: shop}
        spec:
          parentRefs: [{{(isGateway ? "{name: edge}" : "{group: \"\", kind: Service, name: reviews}")}}]
          rules:
          - matches: [{headers: [{name: {{Header}}, value: canary}]}]
            backendRefs: [{name: canary, port: 80}]
          - backendRefs: [{name: stable, port: 80}]
        ---

        """;
}
