// An xDS server of your own: Envoy gets a listener on port 8400, whose requests go to the ports that you type.
using Envoy.Config.Cluster.V3;
using Envoy.Config.Endpoint.V3;
using Envoy.Config.Listener.V3;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Weft.EnvoyApi;
using Weft.Xds;

const string Entrance = """
    {"name": "entrance", "address": {"socketAddress": {"address": "127.0.0.1", "portValue": 8400}},
     "filterChains": [{"filters": [{"name": "http", "typedConfig": {
       "@type": "type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager",
       "statPrefix": "entrance", "routeConfig": {"virtualHosts": [{"name": "all", "domains": ["*"],
         "routes": [{"match": {"prefix": "/"}, "route": {"cluster": "services"}}]}]},
       "httpFilters": [{"name": "router", "typedConfig": {
         "@type": "type.googleapis.com/envoy.extensions.filters.http.router.v3.Router"}}]}}]}]}
    """;
const string Services = """
    {"name": "services", "type": "EDS", "edsClusterConfig": {"edsConfig": {"ads": {}, "resourceApiVersion": "V3"}}}
    """;

var builder = WebApplication.CreateSlimBuilder();
builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenLocalhost(18000, xds => xds.Protocols = HttpProtocols.Http2));
builder.Services.AddXds();
var app = builder.Build();
app.MapXds();
await app.StartAsync();
var server = app.Services.GetRequiredService<XdsServer>();
var json = new JsonParser(JsonParser.Settings.Default.WithTypeRegistry(TypeRegistry.FromFiles(EnvoyApi.Files)));
Console.WriteLine("Type the ports that shall get the requests, such as: 8101 8102");
while (Console.ReadLine() is { } line)
{
    // The whole that clients are to have; what has not changed is not sent again.
    var endpoints = line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(port =>
        """{"endpoint": {"address": {"socketAddress": {"address": "127.0.0.1", "portValue": """ + port + "}}}}");
    var assignment = $$"""{"clusterName": "services", "endpoints": [{"lbEndpoints": [{{string.Join(',', endpoints)}}]}]}""";
    server.Publish(ResourceSet.Create(
        json.Parse<Listener>(Entrance), json.Parse<Cluster>(Services), json.Parse<ClusterLoadAssignment>(assignment)));
    Console.WriteLine($"published for {server.Clients.Length} clients");
}
