using System.Diagnostics.Metrics;
using System.Net;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Weft.Testing;
using Weft.Xds;

namespace Weft.EndToEnd.Tests.Stage;

/// <summary>A server of <c>Weft.Xds</c> in the test's own process and an Envoy that it serves by delta.</summary>
internal sealed class LoneEnvoy : IAsyncDisposable
{
    private static readonly JsonParser Json =
        new(JsonParser.Settings.Default.WithTypeRegistry(TypeRegistry.FromFiles(EnvoyApi.EnvoyApi.Files)));

    private const string Api = """
        {"apiType": "DELTA_GRPC", "transportApiVersion": "V3", "grpcServices": [{"envoyGrpc": {"clusterName": "xds"} }] }
        """;

    private readonly TempFolder _folder = new();
    private readonly HttpClient _http = new();
    private readonly int _admin = FreePorts.Next();
    private readonly WebApplication _app;
    private ChildProcess? _envoy;

    private LoneEnvoy(WebApplication app) => _app = app;

    /// <param name="tellsErrors">Whether clients that know of it are told what they cannot have by errors.</param>
    public static async Task<LoneEnvoy> ServeAsync(bool tellsErrors = false)
    {
        Peers.Require("envoy");
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(k => k.Listen(IPAddress.Loopback, 0, l => l.Protocols = HttpProtocols.Http2));
        builder.Services.AddXds(new XdsServerSettings { TellsResourceErrors = tellsErrors });
        var app = builder.Build();
        app.MapXds();
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new(app);
    }

    /// <summary>Clusters and listeners by the aggregated stream, all that there are.</summary>
    public static string AllOfAds { get; } = $$""", "cdsConfig": {{Source(aggregated: true)}}, "ldsConfig": {{Source(aggregated: true)}} """;

    public XdsServer Server => _app.Services.GetRequiredService<XdsServer>();

    /// <summary>A source of resources: the aggregated stream, or the service of their type.</summary>
    public static string Source(bool aggregated) => aggregated
        ? """{"resourceApiVersion": "V3", "ads": {} }"""
        : $$"""{"resourceApiVersion": "V3", "apiConfigSource": {{Api}} }""";

    public static string Address(int port) => $$"""{"socketAddress": {"address": "127.0.0.1", "portValue": {{port}} } }""";

    /// <summary>A cluster of one address.</summary>
    public static string Cluster(string name, int port) => $$"""
        {"name": "{{name}}", "type": "STATIC", "connectTimeout": "1s",
         "typedExtensionProtocolOptions": {"envoy.extensions.upstreams.http.v3.HttpProtocolOptions": {
           "@type": "type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions",
           "explicitHttpConfig": {"{{(name == "xds" ? "http2ProtocolOptions" : "httpProtocolOptions")}}": {} } } },
         "loadAssignment": {"clusterName": "{{name}}", "endpoints": [{"lbEndpoints": [{"endpoint": {"address": {{Address(port)}} } }] }] } }
        """;

    /// <summary>A filter that asks for what a request needs.</summary>
    /// <param name="more">What else it is told.</param>
    public static string OnDemand(string more = "") => $$"""
        {"name": "envoy.filters.http.on_demand", "typedConfig": {
          "@type": "type.googleapis.com/envoy.extensions.filters.http.on_demand.v3.OnDemand" {{more}} } }
        """;

    /// <summary>A listener with one filter before the router.</summary>
    public static string Listener(int port, string routes, string filter, string name = "l") => $$"""
        {"name": "{{name}}", "address": {{Address(port)}}, "filterChains": [{"filters": [{"name": "http", "typedConfig": {
           "@type": "type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager",
           "statPrefix": "l", {{routes}},
           "httpFilters": [
             {{filter}},
             {"name": "router", "typedConfig": {
               "@type": "type.googleapis.com/envoy.extensions.filters.http.router.v3.Router"} }] } }] }] }
        """;

    public static T Parse<T>(string json) where T : IMessage, new() => Json.Parse<T>(json);

    /// <param name="dynamic">What it takes from the server; it has the aggregated stream beside that.</param>
    /// <param name="listener">A listener that it has from the start.</param>
    /// <param name="feature">What else of the protocol it says that it knows; Envoy itself says little.</param>
    public void Start(string dynamic, string listener = "", string feature = "weft.test.none")
    {
        _folder.Write("envoy.json", $$"""
            {"node": {"id": "n", "cluster": "c", "clientFeatures": ["{{feature}}"]}, "admin": {"address": {{Address(_admin)}} },
             "dynamicResources": {"adsConfig": {{Api}} {{dynamic}} },
             "staticResources": {"listeners": [{{listener}}], "clusters": [{{Cluster("xds", new Uri(_app.Urls.Single()).Port)}}] } }
            """);
        _envoy = ChildProcess.Start(Peers.Require("envoy"),
            ["-c", _folder.PathOf("envoy.json"), "--use-dynamic-base-id", "--concurrency", "1", "--log-level", "warning"]);
    }

    public Task<string> PageAsync(string path) =>
        _http.GetStringAsync(new Uri($"http://127.0.0.1:{_admin}{path}"), TestContext.Current.CancellationToken);

    /// <summary>Follows a counter of the server.</summary>
    public MetricCount Count(string counter) => new(_app.Services.GetRequiredService<IMeterFactory>(), counter);

    /// <summary>The server goes, and does not come back.</summary>
    public ValueTask StopServingAsync() => _app.DisposeAsync();

    /// <summary>Envoy has rejected nothing.</summary>
    public async Task HasNothingAgainstUsAsync()
    {
        var stats = (await PageAsync("/stats?usedonly")).Split('\n');
        Assert.DoesNotContain(stats, s => s.Contains("update_rejected", StringComparison.Ordinal) && !s.EndsWith(": 0", StringComparison.Ordinal));
    }

    public async ValueTask DisposeAsync()
    {
        if (_envoy is not null)
        {
            await StageLog.CloseAsync(_envoy);
        }

        await _app.DisposeAsync();
        _http.Dispose();
        _folder.Dispose();
    }
}
