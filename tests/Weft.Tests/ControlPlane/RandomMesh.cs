using System.Collections.Immutable;
using Envoy.Config.Cluster.V3;
using Envoy.Config.Route.V3;
using Google.Protobuf;
using Weft.Model;
using Weft.Tests.Plugins;
using Weft.Translation;
using Weft.Translation.Raw;
using Weft.Xds;
using static Weft.Tests.Model.Mesh;

namespace Weft.Tests.ControlPlane;

/// <summary>A small mesh that changes at random, one object at a time; kinds that do not change keep their arrays.</summary>
internal sealed class RandomMesh(Random random)
{
    private static readonly string[] Names = ["a", "b", "c"];

    public MeshObjects Objects { get; private set; } = MeshObjects.Empty;

    /// <summary>A few raw resources, which name each other and what manifests may make.</summary>
    public ImmutableArray<RawResource> Raw { get; private set; } = [];

    /// <summary>Adds, replaces or removes one object, and now and then the raw resources.</summary>
    public void Change()
    {
        Objects = Changed();
        Raw = random.Next(6) == 0 ? RandomRaw() : Raw;
    }

    private MeshObjects Changed() => random.Next(11) switch
    {
        0 => Objects with { Services = Changed(Objects.Services, s => s.Name, name => Service(name, Ports())) },
        1 => Objects with { Workloads = Changed(Objects.Workloads, w => w.Name, RandomWorkload) },
        2 => Objects with { Policies = Changed(Objects.Policies, p => p.Name, RandomPolicy) },
        3 => Objects with { Gateways = Changed(Objects.Gateways, g => g.Name, RandomGateway) },
        4 => Objects with { Grants = Changed(Objects.Grants, g => g.Name, RandomGrant) },
        5 => Objects with { Meshes = Changed(Objects.Meshes, m => m.Name, RandomSettings) },
        10 => Objects with { Plugins = Changed(Objects.Plugins, p => p.Name, RandomPlugin) },
        6 or 7 => Objects with { Routes = Changed(Objects.Routes, r => r.Name, RandomRoute) },
        _ => Objects with { EndpointSlices = Changed(Objects.EndpointSlices, s => s.Name, RandomSlice) },
    };

    private ImmutableArray<T> Changed<T>(ImmutableArray<T> objects, Func<T, ObjectName> nameOf, Func<string, T> make)
    {
        var name = Any(Names);
        var others = objects.RemoveAll(o => nameOf(o).Name == name);
        return random.Next(4) == 0 ? others : others.Insert(random.Next(others.Length + 1), make(name));
    }

    private string Any(params string[] of) => of[random.Next(of.Length)];

    private bool Maybe => random.Next(2) == 0;

    private int[] Ports() => random.Next(4) switch { 0 => [80], 1 => [81], _ => [80, 81] };

    private EndpointSliceConfig RandomSlice(string name) =>
        Slice(name, Any(Names), Any("p80", "p81"), 8080, [.. Enumerable.Range(1, random.Next(4)).Select(i => $"10.0.{random.Next(2)}.{i}")]);

    private WasmPluginConfig RandomPlugin(string name) => PluginObjects.Plugin(
        name, match: Maybe ? [] : [Maybe ? PluginObjects.Client(80) : PluginObjects.Server()]) with
    {
        Settings = Any("", "{}"),
        Gateways = Maybe ? [] : [Any(Names)],
        Module = Maybe ? PluginModule.Of([.. PluginObjects.Module(mark: (byte)random.Next(2))]) : null,
    };

    private WorkloadConfig RandomWorkload(string name) => Workload(name, Any(Names), $"10.1.0.{random.Next(1, 4)}") with
    {
        InboundPort = Maybe ? 9100 : null,
        OutboundPort = Maybe ? 9200 : null,
        TcpOutbound = Maybe ? [] : [new(Name(Any(Names)), 80, 9300)],
    };

    private TrafficPolicyConfig RandomPolicy(string name) => Policy(
        name, Maybe ? PolicyTargetKind.Service : PolicyTargetKind.HTTPRoute, Any(Names),
        new(Retry: new([], [], random.Next(1, 3), null, null)));

    private RouteConfig RandomRoute(string name)
    {
        var rules = Enumerable.Range(0, random.Next(1, 3)).Select(_ =>
            Rule(Any(Names), Match(PathMatchKind.Prefix, Any("/", "/x", "/y"))) with
            {
                Backends = [To(Any(Names), Maybe ? 80 : null), To(Any(Names), 81, random.Next(2)) with { Service = Other() }],
            });
        return Route(name, Any(Names), [.. rules]) with
        {
            Name = Maybe ? Name(name) : new("elsewhere", name),
            Parents = [new(true, Name(Any(Names)), null, null, Where), new(false, Name(Any(Names)), Maybe ? 80 : null, null, Where)],
        };
    }

    private ImmutableArray<RawResource> RandomRaw()
    {
        var cluster = new Cluster { Name = Any("raw-a", "raw-b") };
        var named = Any("raw-a", "raw-b", ClusterName.Outbound(Name(Any(Names)), 80));
        var routes = new RouteConfiguration
        {
            Name = "raw",
            VirtualHosts = { new VirtualHost { Name = "all", Domains = { "*" }, Routes = { new Envoy.Config.Route.V3.Route { Route_ = new() { Cluster = named } } } } },
        };
        return
        [
            new(TypeUrl.Cluster, cluster.Name, cluster.ToByteString(), cluster, Where),
            new(TypeUrl.Route, routes.Name, routes.ToByteString(), routes, Where),
        ];
    }

    private ObjectName Other() => new(Any("shop", "elsewhere"), Any(Names));

    private GatewayConfig RandomGateway(string name) => new(
        Name(name), "127.0.0.1",
        [
            new(
                "one", random.Next(8000, 8002), ListenerProtocol.Http, Maybe ? null : "*.example.com", [],
                new(Any("All", "Same"), Labels()), [RouteKind.Http], Where),
        ],
        Where);

    private static ReferenceGrantConfig RandomGrant(string name) => new(
        new("shop", name), [new("gateway.networking.k8s.io", "HTTPRoute", "elsewhere")], [new("", "Service", null)], Where);

    private MeshConfig RandomSettings(string name) =>
        new(Name(name), MeshSettings.Default with { PassUnknownHosts = Maybe }, Where);
}
