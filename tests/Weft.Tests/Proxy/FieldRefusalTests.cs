using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Envoy.Config.Cluster.V3;
using Envoy.Config.Core.V3;
using Envoy.Config.Endpoint.V3;
using Envoy.Config.Route.V3;
using Google.Protobuf.WellKnownTypes;
using Weft.Proxy.Upstream;
using Weft.Xds;
using static Weft.Tests.Proxy.Verdicts;
using HttpProtocolOptions = Envoy.Extensions.Upstreams.Http.V3.HttpProtocolOptions;

namespace Weft.Tests.Proxy;

/// <summary>Fields of clusters, endpoints, routes and listeners that the proxy does not obey.</summary>
public sealed class FieldRefusalTests
{
    private const string HttpOptions = "envoy.extensions.upstreams.http.v3.HttpProtocolOptions";

    [Fact]
    public void Fields_of_a_cluster_that_it_does_not_obey_are_refused()
    {
        AssertRefused(
            "common_lb_config: zone_aware_lb_config",
            With(c => c.CommonLbConfig = new() { ZoneAwareLbConfig = new() }));
        AssertRefused(
            "common_lb_config: ignore_new_hosts_until_first_hc",
            With(c => c.CommonLbConfig = new() { IgnoreNewHostsUntilFirstHc = true }));
        AssertRefused(
            "round_robin_lb_config: slow_start_config",
            With(c => c.RoundRobinLbConfig = new() { SlowStartConfig = new() }));
        AssertRefused("cluster: wait_for_warm_on_init", With(c => c.WaitForWarmOnInit = false));
        AssertRefused("circuit_breakers: per_host_thresholds", With(c => c.CircuitBreakers = new()
        {
            PerHostThresholds = { new CircuitBreakers.Types.Thresholds() },
        }));
        AssertRefused("health_checks: reuse_connection false", With(c => c.HealthChecks.Add(new HealthCheck
        {
            Timeout = new() { Seconds = 1 },
            Interval = new() { Seconds = 1 },
            ReuseConnection = false,
            TcpHealthCheck = new(),
        })));
        AssertRefused("health_checks: codec_client_type HTTP3", With(c => c.HealthChecks.Add(new HealthCheck
        {
            Timeout = new() { Seconds = 1 },
            Interval = new() { Seconds = 1 },
            HttpHealthCheck = new() { Path = "/", CodecClientType = Envoy.Type.V3.CodecClientType.Http3 },
        })));
        AssertRefused(
            "eds_cluster_config: initial_fetch_timeout",
            With(c => c.EdsClusterConfig.EdsConfig.InitialFetchTimeout = new() { Seconds = 3 }));
        Assert.Null(Check(With(c => c.CommonLbConfig = new() { UpdateMergeWindow = new() { Seconds = 1 } })).Error);
    }

    [Fact]
    public void How_endpoints_are_spoken_to_is_obeyed_or_refused()
    {
        AssertRefused("common_http_protocol_options: max_connection_duration", Speaking(new()
        {
            CommonHttpProtocolOptions = new() { MaxConnectionDuration = new() { Seconds = 1 } },
        }));
        AssertRefused("max_requests_per_connection other than 1", Speaking(new()
        {
            CommonHttpProtocolOptions = new() { MaxRequestsPerConnection = 100 },
        }));
        AssertRefused("http2_protocol_options: max_concurrent_streams", Speaking(new()
        {
            ExplicitHttpConfig = new() { Http2ProtocolOptions = new() { MaxConcurrentStreams = 3 } },
        }));
        AssertRefused("http_protocol_options: enable_trailers", Speaking(new()
        {
            UseDownstreamProtocolConfig = new() { HttpProtocolOptions = new() { EnableTrailers = true } },
        }));
        AssertRefused("HttpProtocolOptions: http_filters", Speaking(new()
        {
            HttpFilters = { new Envoy.Extensions.Filters.Network.HttpConnectionManager.V3.HttpFilter { Name = "f" } },
        }));
        AssertRefused(
            "tcp_keepalive: keepalive_probes must be at most 127",
            With(c => c.UpstreamConnectionOptions = new() { TcpKeepalive = new() { KeepaliveProbes = 128 } }));

        Assert.Equal(new(TimeSpan.FromSeconds(7), false, null), Connections(Speaking(new()
        {
            CommonHttpProtocolOptions = new() { IdleTimeout = new() { Seconds = 7 } },
        })));
        Assert.Equal(new(null, true, null), Connections(Speaking(new()
        {
            CommonHttpProtocolOptions = new() { IdleTimeout = new(), MaxRequestsPerConnection = 1 },
        })));
        Assert.Equal(
            new(TimeSpan.FromHours(1), false, new(3, null, 9)),
            Connections(With(c => c.UpstreamConnectionOptions = new()
            {
                TcpKeepalive = new() { KeepaliveProbes = 3, KeepaliveInterval = 9 },
            })));
    }

    [Fact]
    public void Fields_of_endpoints_that_it_does_not_obey_are_refused()
    {
        AssertRefused(
            "policy: endpoint_stale_after",
            Endpoints(e => e.Policy = new() { EndpointStaleAfter = new() { Seconds = 1 } }));
        AssertRefused(
            "overprovisioning_factor other than 140",
            Endpoints(e => e.Policy = new() { OverprovisioningFactor = 100 }));
        AssertRefused("policy: drop_overloads", Endpoints(e => e.Policy = new()
        {
            DropOverloads = { new ClusterLoadAssignment.Types.Policy.Types.DropOverload { Category = "c" } },
        }));
        AssertRefused(
            "endpoints[0]: health_check_config",
            Endpoints(e => e.Endpoints[0].LbEndpoints[0].Endpoint.HealthCheckConfig = new() { PortValue = 1 }));
        AssertRefused("endpoints[0]: resolver_name", Endpoints(e =>
            e.Endpoints[0].LbEndpoints[0].Endpoint.Address.SocketAddress.ResolverName = "r"));
        Assert.Null(Check(Endpoints(e => e.Policy = new() { OverprovisioningFactor = 140 })).Error);
    }

    [Fact]
    public void Fields_of_routes_that_it_does_not_obey_are_refused()
    {
        AssertRefused("route 0: priority High", Route(r => r.Route_.Priority = RoutingPriority.High));
        AssertRefused("route 0: tracing", Route(r => r.Tracing = new()));
        AssertRefused("route 0: decorator", Route(r => r.Decorator = new() { Operation = "o" }));
        AssertRefused("route 0: stat_prefix", Route(r => r.StatPrefix = "s"));
    }

    [Fact]
    public void Fields_of_a_listener_that_it_does_not_obey_are_refused()
    {
        AssertRefused(
            "listener: listener_filters_timeout",
            Changed(Resources.Listener("l", "r"), l => l.ListenerFiltersTimeout = new() { Seconds = 1 }));
        AssertRefused(
            "listener: continue_on_listener_filters_timeout",
            Changed(Resources.Listener("l", "r"), l => l.ContinueOnListenerFiltersTimeout = true));
    }

    [Fact]
    public async Task A_listener_has_the_name_in_metrics_that_it_asks_for()
    {
        await using var mesh = await Mesh.StartAsync();
        mesh.Plane.Apply(
            Changed(Resources.Listener("l", "r"), l => l.StatPrefix = "edge"),
            Resources.Routes("r", Resources.Answer("x")));
        await mesh.UntilAsync(s => s.Ready && s.Listeners.Length == 1);
        await mesh.GetAsync();
        Assert.Contains(
            "envoy_listener_address=\"edge\"", (await mesh.AdminAsync("/stats/prometheus")).Body,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Keepalive_is_asked_of_the_socket()
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        new KeepaliveConfig(3, 11, null).ApplyTo(socket);
        Assert.Equal(1, socket.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive));
        Assert.Equal(3, socket.GetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount));
        Assert.Equal(11, socket.GetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime));
    }

    [Fact]
    public async Task Connections_to_endpoints_live_as_their_cluster_says()
    {
        await using var mesh = await Mesh.StartAsync();
        var seen = new ConcurrentDictionary<string, byte>();
        var service = await mesh.ServeAsync(context =>
        {
            seen.TryAdd(context.Connection.Id, 0);
            return Task.CompletedTask;
        });
        await mesh.RouteAsync(Resources.Routes("r", Resources.To("c")), ("c", service));
        await mesh.GetAsync();
        await mesh.GetAsync();
        Assert.Single(seen);
        await mesh.InUseAsync(TypeUrl.Cluster, "c", mesh.Plane.Apply(Speaking(new()
        {
            CommonHttpProtocolOptions = new() { MaxRequestsPerConnection = 1 },
        })));
        await mesh.GetAsync();
        await mesh.GetAsync();
        Assert.Equal(3, seen.Count);
    }

    private static Cluster With(Action<Cluster> change) => Changed(Resources.Cluster("c"), change);

    private static Cluster Speaking(HttpProtocolOptions options)
    {
        if (options.UpstreamProtocolOptionsCase == HttpProtocolOptions.UpstreamProtocolOptionsOneofCase.None)
        {
            options.ExplicitHttpConfig = new() { HttpProtocolOptions = new() };
        }

        return With(c => c.TypedExtensionProtocolOptions[HttpOptions] = Any.Pack(options));
    }

    private static UpstreamConnections Connections(Cluster message) =>
        Assert.IsType<ClusterConfig>(Check(message).Value).Connections;

    private static ClusterLoadAssignment Endpoints(Action<ClusterLoadAssignment> change) =>
        Changed(Resources.Endpoints("c", new IPEndPoint(IPAddress.Loopback, 80)), change);

    private static RouteConfiguration Route(Action<Route> change) => Resources.Routes("r", Resources.To("c", change));
}
