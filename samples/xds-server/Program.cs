// An xDS server of your own: Envoy gets a listener on port 8400, whose requests go to the ports that you type.
using System.Globalization;
using Envoy.Config.Cluster.V3;
using Envoy.Config.Core.V3;
using Envoy.Config.Endpoint.V3;
using Envoy.Config.Listener.V3;
using Envoy.Config.Route.V3;
using Envoy.Extensions.Filters.Http.Router.V3;
using Envoy.Extensions.Filters.Network.HttpConnectionManager.V3;
using Google.Protobuf.WellKnownTypes;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Weft.Xds;
using Endpoint = Envoy.Config.Endpoint.V3.Endpoint;
using Filter = Envoy.Config.Listener.V3.Filter;
using Route = Envoy.Config.Route.V3.Route;

var builder = WebApplication.CreateSlimBuilder();
builder.Logging.SetMinimumLevel(LogLevel.Warning);
builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenLocalhost(18000, xds => xds.Protocols = HttpProtocols.Http2));
builder.Services.AddXds();
var app = builder.Build();
app.MapXds();
var server = app.Services.GetRequiredService<XdsServer>();
_ = Task.Run(() =>
{
    Console.WriteLine("Type the ports that shall get the requests, such as: 8101 8102");
    while (Console.ReadLine() is { } line)
    {
        // The whole that clients are to have; what has not changed is not sent again.
        var ports = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        server.Publish(ResourceSet.Create(Entrance(), Services(), Assignment(ports)));
        Console.WriteLine($"published for {server.Clients.Length} clients");
    }
});
await app.RunAsync();

static Listener Entrance() => new()
{
    Name = "entrance",
    Address = Local(8400),
    FilterChains = { new FilterChain { Filters = { new Filter { Name = "http", TypedConfig = Any.Pack(Http()) } } } },
};

static HttpConnectionManager Http() => new()
{
    StatPrefix = "entrance",
    RouteConfig = new()
    {
        VirtualHosts = { new VirtualHost { Name = "all", Domains = { "*" }, Routes = { Everything() } } },
    },
    HttpFilters = { new HttpFilter { Name = "envoy.filters.http.router", TypedConfig = Any.Pack(new Router()) } },
};

static Route Everything() => new() { Match = new() { Prefix = "/" }, Route_ = new() { Cluster = "services" } };

static Cluster Services() => new()
{
    Name = "services",
    Type = Cluster.Types.DiscoveryType.Eds,
    EdsClusterConfig = new() { EdsConfig = new() { Ads = new(), ResourceApiVersion = ApiVersion.V3 } },
};

static ClusterLoadAssignment Assignment(IEnumerable<string> ports) => new()
{
    ClusterName = "services",
    Endpoints = { new LocalityLbEndpoints { LbEndpoints = { ports.Select(AtPort) } } },
};

static LbEndpoint AtPort(string port) =>
    new() { Endpoint = new Endpoint { Address = Local(uint.Parse(port, CultureInfo.InvariantCulture)) } };

static Address Local(uint port) => new() { SocketAddress = new() { Address = "127.0.0.1", PortValue = port } };
