using System.Net;
using System.Security.Cryptography.X509Certificates;
using Envoy.Config.Cluster.V3;
using Envoy.Config.Core.V3;
using Envoy.Config.Endpoint.V3;
using Envoy.Config.Listener.V3;
using Envoy.Config.Route.V3;
using Envoy.Extensions.Filters.Http.Router.V3;
using Envoy.Extensions.Filters.Network.HttpConnectionManager.V3;
using Envoy.Extensions.Filters.Network.TcpProxy.V3;
using Envoy.Extensions.TransportSockets.Tls.V3;
using Google.Protobuf.WellKnownTypes;
using Weft.Proxy.Config;
using Weft.Proxy.Routing;
using Weft.Proxy.Upstream;
using Endpoint = Envoy.Config.Endpoint.V3.Endpoint;
using Filter = Envoy.Config.Listener.V3.Filter;
using RouteMatch = Envoy.Config.Route.V3.RouteMatch;
using VirtualHost = Envoy.Config.Route.V3.VirtualHost;

namespace Weft.Tests.Proxy;

/// <summary>Envoy's messages, short to write.</summary>
internal static class Resources
{
    public static ConfigSource Ads => new() { Ads = new(), ResourceApiVersion = ApiVersion.V3 };

    /// <summary>Any port of the loopback; RDS by <paramref name="routes"/>.</summary>
    public static Listener Listener(string name, string routes) =>
        Listener(name, new HttpConnectionManager { Rds = new() { ConfigSource = Ads, RouteConfigName = routes } });

    public static Listener Listener(string name, HttpConnectionManager manager)
    {
        manager.StatPrefix = "outbound";
        manager.HttpFilters.Add(new HttpFilter
        {
            Name = "envoy.filters.http.router",
            TypedConfig = Any.Pack(new Router()),
        });
        return new()
        {
            Name = name,
            Address = At(new(IPAddress.Loopback, 0)),
            FilterChains =
            {
                new FilterChain { Filters = { new Filter { Name = "http", TypedConfig = Any.Pack(manager) } } },
            },
        };
    }

    /// <summary>Any port of the loopback; bytes.</summary>
    public static Listener TcpListener(string name, TcpProxy proxy) => new()
    {
        Name = name,
        Address = At(new(IPAddress.Loopback, 0)),
        FilterChains = { new FilterChain { Filters = { new Filter { Name = "tcp", TypedConfig = Any.Pack(proxy) } } } },
    };

    /// <summary>Makes the first chain one with TLS.</summary>
    public static Listener Secured(Listener listener, string secret, params string[] names)
    {
        var context = new CommonTlsContext
        {
            AlpnProtocols = { "h2", "http/1.1" },
            TlsCertificateSdsSecretConfigs = { new SdsSecretConfig { Name = secret, SdsConfig = Ads } },
        };
        var chain = listener.FilterChains[0];
        chain.FilterChainMatch = new() { ServerNames = { names } };
        chain.TransportSocket = new()
        {
            Name = "envoy.transport_sockets.tls",
            TypedConfig = Any.Pack(new DownstreamTlsContext { CommonTlsContext = context }),
        };
        return listener;
    }

    public static Secret Secret(string name, X509Certificate2 certificate) => new()
    {
        Name = name,
        TlsCertificate = new()
        {
            CertificateChain = new() { InlineString = certificate.ExportCertificatePem() },
            PrivateKey = new() { InlineString = certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem() },
        },
    };

    public static Cluster Cluster(string name, bool http2 = false)
    {
        var cluster = new Cluster
        {
            Name = name,
            Type = Envoy.Config.Cluster.V3.Cluster.Types.DiscoveryType.Eds,
            EdsClusterConfig = new() { EdsConfig = Ads },
            ConnectTimeout = Duration.FromTimeSpan(TimeSpan.FromSeconds(5)),
        };
        if (http2)
        {
            var options = new Envoy.Extensions.Upstreams.Http.V3.HttpProtocolOptions
            {
                ExplicitHttpConfig = new() { Http2ProtocolOptions = new() },
            };
            cluster.TypedExtensionProtocolOptions["envoy.extensions.upstreams.http.v3.HttpProtocolOptions"] = Any.Pack(options);
        }

        return cluster;
    }

    public static ClusterLoadAssignment Endpoints(string name, params IPEndPoint[] addresses)
    {
        var locality = new LocalityLbEndpoints();
        locality.LbEndpoints.Add(addresses.Select(a => new LbEndpoint { Endpoint = new Endpoint { Address = At(a) } }));
        return new() { ClusterName = name, Endpoints = { locality } };
    }

    public static RouteConfiguration Routes(string name, params Route[] routes) => new()
    {
        Name = name,
        VirtualHosts = { new VirtualHost { Name = "all", Domains = { "*" }, Routes = { routes } } },
    };

    public static Route To(string cluster, Action<Route>? change = null)
    {
        var route = new Route { Match = new() { Prefix = "/" }, Route_ = new() { Cluster = cluster } };
        change?.Invoke(route);
        return route;
    }

    public static Route Split(params (string Cluster, uint Weight)[] targets)
    {
        var weighted = new WeightedCluster();
        weighted.Clusters.Add(targets.Select(t => new WeightedCluster.Types.ClusterWeight { Name = t.Cluster, Weight = t.Weight }));
        return new() { Match = new() { Prefix = "/" }, Route_ = new() { WeightedClusters = weighted } };
    }

    public static Address At(IPEndPoint address) => new()
    {
        SocketAddress = new() { Address = address.Address.ToString(), PortValue = (uint)address.Port },
    };

    public static RouteTable Compile(RouteConfiguration routes)
    {
        var refusals = new Refusals();
        var table = RouteDecoding.Decode(routes, refusals);
        Assert.True(refusals.IsEmpty, refusals.ToString());
        return table;
    }

    public static EndpointSet Compile(ClusterLoadAssignment endpoints)
    {
        var refusals = new Refusals();
        var set = EndpointDecoding.Decode(endpoints, refusals);
        Assert.True(refusals.IsEmpty, refusals.ToString());
        return set;
    }

    public static RouteMatch Match(Action<RouteMatch> change)
    {
        var match = new RouteMatch { Prefix = "/" };
        change(match);
        return match;
    }

    public static Route Answer(string body, Action<RouteMatch>? match = null) => new()
    {
        Match = Match(match ?? (_ => { })),
        DirectResponse = new() { Status = 200, Body = new() { InlineString = body } },
    };
}
