using Envoy.Config.Cluster.V3;
using Envoy.Config.Endpoint.V3;
using Envoy.Config.Listener.V3;
using Envoy.Config.Route.V3;
using Envoy.Service.Runtime.V3;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Weft.EndToEnd.Tests.Stage;
using Weft.Testing;
using Weft.Xds;

namespace Weft.EndToEnd.Tests;

/// <summary>An Envoy that has a stream of its own for each type, and for each cluster's endpoints.</summary>
public sealed class SingleTypeServiceTests : IAsyncDisposable
{
    private static readonly JsonParser Json =
        new(JsonParser.Settings.Default.WithTypeRegistry(TypeRegistry.FromFiles(EnvoyApi.EnvoyApi.Files)));

    private readonly TempFolder _folder = new();
    private readonly HttpClient _http = new();
    private readonly int _admin = FreePorts.Next();
    private readonly int _listener = FreePorts.Next();
    private WebApplication? _app;
    private ChildProcess? _envoy;

    [Theory]
    [InlineData("GRPC")]
    [InlineData("DELTA_GRPC")]
    [InlineData("REST")]
    public async Task Envoy_takes_each_type_from_its_own_service(string api)
    {
        var program = Peers.Require("envoy");
        var server = await ServeAsync();
        server.Publish(Set(api, cluster: "c", timeout: 1));
        _folder.Write("envoy.json", Bootstrap(api, new Uri(_app!.Urls.Single()).Port));
        _envoy = ChildProcess.Start(
            program, ["-c", _folder.PathOf("envoy.json"), "--use-dynamic-base-id", "--concurrency", "1", "--log-level", "warning"]);

        await HasAsync("cluster c", "endpoints c", "listener l", "routes r");
        // A changed cluster is warm only with its endpoints, which have not changed.
        server.Publish(Set(api, cluster: "c", timeout: 2));
        await UntilAsync(
            "the changed cluster is in use", "/config_dump?resource=dynamic_active_clusters", "\"connect_timeout\": \"2s\"");
        server.Publish(Set(api, cluster: "d", timeout: 2));
        await HasAsync("cluster d", "endpoints d", "listener l", "routes r");
        await UntilAsync("the routes lead to the new cluster", "/config_dump", "\"cluster\": \"d\"");
        await UntilAsync("the runtime layer is there", "/runtime", "weft.seen");

        var stats = (await PageAsync("/stats?usedonly")).Split('\n');
        Assert.DoesNotContain(stats, s => s.Contains("update_rejected", StringComparison.Ordinal) && !s.EndsWith(": 0", StringComparison.Ordinal));
        Assert.Contains("cluster_manager.warming_clusters: 0", stats);
    }

    public async ValueTask DisposeAsync()
    {
        if (_envoy is not null)
        {
            await StageLog.CloseAsync(_envoy);
        }

        if (_app is not null)
        {
            await _app.DisposeAsync();
        }

        _http.Dispose();
        _folder.Dispose();
    }

    private async Task<XdsServer> ServeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(k => k.Listen(System.Net.IPAddress.Loopback, 0, l => l.Protocols = HttpProtocols.Http2));
        builder.Services.AddXds();
        _app = builder.Build();
        _app.MapXds();
        await _app.StartAsync(TestContext.Current.CancellationToken);
        return _app.Services.GetRequiredService<XdsServer>();
    }

    private async Task HasAsync(params string[] names) => await Eventually.GetAsync(
        string.Join(", ", names),
        async _ => Dump.Names(await PageAsync("/config_dump?include_eds")),
        found => found.SequenceEqual(names),
        cancellation: TestContext.Current.CancellationToken);

    private async Task UntilAsync(string what, string path, string text) => await Eventually.GetAsync(
        what, _ => PageAsync(path), page => page.Contains(text, StringComparison.Ordinal),
        cancellation: TestContext.Current.CancellationToken);

    private Task<string> PageAsync(string path) =>
        _http.GetStringAsync(new Uri($"http://127.0.0.1:{_admin}{path}"), TestContext.Current.CancellationToken);

    private ResourceSet Set(string api, string cluster, int timeout) => ResourceSet.Create(
        Json.Parse<Cluster>($$"""
            {"name": "{{cluster}}", "type": "EDS", "connectTimeout": "{{timeout}}s",
             "edsClusterConfig": {"edsConfig": {{Source(api)}} } }
            """),
        Json.Parse<ClusterLoadAssignment>($$"""
            {"clusterName": "{{cluster}}",
             "endpoints": [{"lbEndpoints": [{"endpoint": {"address": {{Address(9)}} } }] }] }
            """),
        Json.Parse<Listener>($$"""
            {"name": "l", "address": {{Address(_listener)}}, "filterChains": [{"filters": [{"name": "http", "typedConfig": {
               "@type": "type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager",
               "statPrefix": "l", "rds": {"routeConfigName": "r", "configSource": {{Source(api)}} },
               "httpFilters": [{"name": "router", "typedConfig": {
                 "@type": "type.googleapis.com/envoy.extensions.filters.http.router.v3.Router"} }] } }] }] }
            """),
        Json.Parse<RouteConfiguration>($$"""
            {"name": "r", "virtualHosts": [{"name": "all", "domains": ["*"],
             "routes": [{"match": {"prefix": "/"}, "route": {"cluster": "{{cluster}}"} }] }] }
            """),
        Json.Parse<Runtime>("""{"name": "weft", "layer": {"weft.seen": 1}}"""));

    private static string Source(string api) => $$"""
        {"resourceApiVersion": "V3", "apiConfigSource": {"apiType": "{{api}}", "transportApiVersion": "V3", {{Service(api)}} } }
        """;

    // The first poll of a process waits until the server has read Envoy's API.
    private static string Service(string api) => api == "REST"
        ? "\"clusterNames\": [\"xds\"], \"refreshDelay\": \"0.1s\", \"requestTimeout\": \"20s\""
        : "\"grpcServices\": [{\"envoyGrpc\": {\"clusterName\": \"xds\"} }]";

    private static string Address(int port) => $$"""{"socketAddress": {"address": "127.0.0.1", "portValue": {{port}} } }""";

    // Envoy's own bootstrap in JSON, as the resources are.
    private string Bootstrap(string api, int port) => $$"""
        {"node": {"id": "n", "cluster": "c"},
         "admin": {"address": {{Address(_admin)}} },
         "layeredRuntime": {"layers": [{"name": "weft", "rtdsLayer": {"name": "weft", "rtdsConfig": {{Source(api)}} } }] },
         "dynamicResources": {"cdsConfig": {{Source(api)}}, "ldsConfig": {{Source(api)}} },
         "staticResources": {"clusters": [{"name": "xds", "type": "STATIC",
           "typedExtensionProtocolOptions": {"envoy.extensions.upstreams.http.v3.HttpProtocolOptions": {
             "@type": "type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions",
             "explicitHttpConfig": {"http2ProtocolOptions": {} } } },
           "loadAssignment": {"clusterName": "xds",
             "endpoints": [{"lbEndpoints": [{"endpoint": {"address": {{Address(port)}} } }] }] } }] } }
        """;
}
