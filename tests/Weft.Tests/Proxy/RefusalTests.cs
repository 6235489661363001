using Envoy.Config.Cluster.V3;
using Envoy.Config.Route.V3;
using Envoy.Extensions.Filters.Network.HttpConnectionManager.V3;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Weft.Proxy.Config;
using Weft.Xds;
using static Weft.Tests.Proxy.Verdicts;

namespace Weft.Tests.Proxy;

public sealed class RefusalTests
{
    [Fact]
    public void What_the_control_plane_emits_is_accepted_and_names_what_it_needs()
    {
        Assert.Equal(new(TypeUrl.Endpoints, "c"), Assert.Single(Check(Resources.Cluster("c", http2: true)).RefersTo));
        Assert.Equal(new(TypeUrl.Route, "r"), Assert.Single(Check(Resources.Listener("l", "r")).RefersTo));
        Assert.Null(Check(Resources.Endpoints("c", new System.Net.IPEndPoint(1, 80))).Error);
        Assert.Null(Check(Resources.Routes("r", Resources.Split(("a", 1), ("b", 0)))).Error);
    }

    [Fact]
    public void A_cluster_that_resolves_names_is_refused() => AssertRefused(
        "type: StrictDns is not supported by Weft.Proxy; use EDS or STATIC",
        new Cluster { Name = "c", Type = Cluster.Types.DiscoveryType.StrictDns });

    [Fact]
    public void TLS_is_refused() => AssertRefused(
        "cluster: transport_socket is not supported by Weft.Proxy",
        Changed(Resources.Cluster("c"), c => c.TransportSocket = new() { Name = "tls" }));

    [Fact]
    public void A_load_balancer_it_does_not_have_is_refused()
    {
        AssertRefused(
            "lb_policy: ClusterProvided is not supported by Weft.Proxy",
            Changed(Resources.Cluster("c"), c => c.LbPolicy = Cluster.Types.LbPolicy.ClusterProvided));
        AssertRefused(
            "hash_function: only XX_HASH is supported",
            Changed(Resources.Cluster("c"), c =>
            {
                c.LbPolicy = Cluster.Types.LbPolicy.RingHash;
                c.RingHashLbConfig = new() { HashFunction = Cluster.Types.RingHashLbConfig.Types.HashFunction.MurmurHash2 };
            }));
        AssertRefused(
            "table_size: it must be a prime number",
            Changed(Resources.Cluster("c"), c =>
            {
                c.LbPolicy = Cluster.Types.LbPolicy.Maglev;
                c.MaglevLbConfig = new() { TableSize = 65_536 };
            }));
        AssertRefused(
            "load_balancing_policy: none of the policies is supported",
            Changed(Resources.Cluster("c"), c => c.LoadBalancingPolicy = new()));
        AssertRefused(
            "hash_policy: FilterState is not supported",
            Resources.Routes("r", Resources.To("c", r => r.Route_.HashPolicy.Add(
                new RouteAction.Types.HashPolicy { FilterState = new() { Key = "k" } }))));
        AssertRefused(
            "circuit_breakers: retry_budget is not supported",
            Changed(Resources.Cluster("c"), c => c.CircuitBreakers = new()
            {
                Thresholds = { new CircuitBreakers.Types.Thresholds { RetryBudget = new() } },
            }));
    }

    [Fact]
    public void Health_that_it_cannot_watch_is_refused()
    {
        AssertRefused(
            "outlier_detection: success_rate_minimum_hosts is not supported",
            Changed(Resources.Cluster("c"), c => c.OutlierDetection = new() { SuccessRateMinimumHosts = 3 }));
        AssertRefused(
            "health_checks interval: it must be from one millisecond to one day",
            Changed(Resources.Cluster("c"), c => c.HealthChecks.Add(new Envoy.Config.Core.V3.HealthCheck
            {
                Timeout = new() { Seconds = 1 },
                TcpHealthCheck = new(),
            })));
        AssertRefused("health_checks: 'a|b' is not a host", With(new() { HttpHealthCheck = new() { Path = "/", Host = "a|b" } }));
        AssertRefused("health_checks: 'a b' is not a host", With(new() { GrpcHealthCheck = new() { Authority = "a b" } }));
        AssertRefused(
            "health_checks: such a CustomHealthCheck is not supported",
            Changed(Resources.Cluster("c"), c => c.HealthChecks.Add(new Envoy.Config.Core.V3.HealthCheck
            {
                Timeout = new() { Seconds = 1 },
                Interval = new() { Seconds = 1 },
                CustomHealthCheck = new(),
            })));

        static Cluster With(Envoy.Config.Core.V3.HealthCheck check)
        {
            check.Interval = check.Timeout = new() { Seconds = 1 };
            return Changed(Resources.Cluster("c"), c => c.HealthChecks.Add(check));
        }
    }

    [Fact]
    public void The_first_known_balancing_extension_is_taken()
    {
        var cluster = Resources.Cluster("c");
        cluster.LoadBalancingPolicy = new()
        {
            Policies =
            {
                Policy(new Envoy.Extensions.LoadBalancingPolicies.WrrLocality.V3.WrrLocality()),
                Policy(new Envoy.Extensions.LoadBalancingPolicies.LeastRequest.V3.LeastRequest { ChoiceCount = 3 }),
                Policy(new Envoy.Extensions.LoadBalancingPolicies.Maglev.V3.Maglev()),
            },
        };
        var config = Assert.IsType<Weft.Proxy.Upstream.ClusterConfig>(Check(cluster).Value);
        Assert.Equal(new Weft.Proxy.Upstream.BalancerConfig.LeastRequest(3), config.Balancer);

        static LoadBalancingPolicy.Types.Policy Policy(IMessage message) =>
            new() { TypedExtensionConfig = new() { Name = "p", TypedConfig = Any.Pack(message) } };
    }

    [Fact]
    public void Endpoints_from_elsewhere_are_refused() => AssertRefused(
        "eds_cluster_config: only ADS is supported by Weft.Proxy",
        Changed(Resources.Cluster("c"), c => c.EdsClusterConfig.EdsConfig = new() { PathConfigSource = new() { Path = "x" } }));

    [Fact]
    public void An_endpoint_with_a_host_name_is_refused()
    {
        var message = Resources.Endpoints("c", new System.Net.IPEndPoint(1, 1));
        message.Endpoints[0].LbEndpoints[0].Endpoint.Address.SocketAddress.Address = "reviews.shop";
        AssertRefused("'reviews.shop' is not an IP address", message);
    }

    [Fact]
    public void An_unknown_filter_is_refused_unless_it_is_optional()
    {
        var fault = new HttpFilter { Name = "envoy.filters.http.fault" };
        AssertRefused(
            "http_filters: envoy.filters.http.fault is not supported by Weft.Proxy",
            Resources.Listener("l", new HttpConnectionManager { Rds = Rds(), HttpFilters = { fault } }));
        fault.IsOptional = true;
        Assert.Null(Check(Resources.Listener("l", new HttpConnectionManager { Rds = Rds(), HttpFilters = { fault } })).Error);
    }

    [Fact]
    public void What_a_route_makes_of_an_unknown_filter_is_refused_unless_it_is_optional()
    {
        var fault = Any.Pack(new Envoy.Extensions.Filters.Http.Router.V3.Router());
        AssertRefused("typed_per_filter_config f: type.googleapis.com/envoy.extensions.filters.http.router.v3.Router", With(fault));
        AssertRefused("typed_per_filter_config f", With(Any.Pack(new FilterConfig { Config = fault })));
        Assert.Null(Check(With(Any.Pack(new FilterConfig { Config = fault, IsOptional = true }))).Error);
        Assert.Null(Check(With(Any.Pack(new FilterConfig { Disabled = true }))).Error);

        static RouteConfiguration With(Any config) =>
            Resources.Routes("r", Resources.To("c", r => r.TypedPerFilterConfig["f"] = config));
    }

    [Fact]
    public void A_session_state_it_does_not_know_is_refused() => AssertRefused(
        "session_state none is not supported",
        Resources.Routes("r", Resources.To("c", r => r.TypedPerFilterConfig["s"] =
            Any.Pack(new Envoy.Extensions.Filters.Http.StatefulSession.V3.StatefulSession
            {
                SessionState = new() { Name = "none", TypedConfig = Any.Pack(new Duration()) },
            }))));

    [Fact]
    public void Upgrades_to_anything_but_WebSockets_are_refused()
    {
        AssertRefused(
            "upgrade_configs CONNECT is not supported",
            Resources.Routes("r", Resources.To("c", r => r.Route_.UpgradeConfigs.Add(
                new RouteAction.Types.UpgradeConfig { UpgradeType = "CONNECT", ConnectConfig = new() }))));
        AssertRefused(
            "upgrade_configs: spdy",
            Resources.Listener("l", new HttpConnectionManager
            {
                Rds = Rds(),
                UpgradeConfigs = { new HttpConnectionManager.Types.UpgradeConfig { UpgradeType = "spdy" } },
            }));
    }

    [Fact]
    public void All_findings_of_a_resource_are_told()
    {
        var listener = Resources.Listener("l", new HttpConnectionManager { Rds = Rds(), StripAnyHostPort = true });
        listener.UseOriginalDst = true;
        var error = Check(listener).Error!;
        Assert.Contains("use_original_dst", error, StringComparison.Ordinal);
        Assert.Contains("strip_any_host_port", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Routes_it_cannot_follow_are_refused()
    {
        AssertRefused(
            "action FilterAction is not supported",
            Resources.Routes("r", new Route { Match = new() { Prefix = "/" }, FilterAction = new() }));
        AssertRefused(
            "path_match_policy is not supported",
            Resources.Routes("r", Resources.To("c", r => r.Match = new() { PathMatchPolicy = new() { Name = "uri" } })));
        AssertRefused(
            "auto_host_rewrite is not supported",
            Resources.Routes("r", Resources.To("c", r => r.Route_.AutoHostRewrite = true)));
        AssertRefused(
            "the sum of the weights", Resources.Routes("r", Resources.Split(("a", 0), ("b", 0))));
        AssertRefused(
            "timeout: the duration is out of range",
            Resources.Routes("r", Resources.To("c", r => r.Route_.Timeout = new Duration { Seconds = 1, Nanos = -5 })));
    }

    [Theory]
    [InlineData("a(?=b)")]
    [InlineData("a(?<!b)")]
    [InlineData(@"(a)\1")]
    [InlineData("(a")]
    [InlineData("a)")]
    [InlineData("[z-a]")]
    [InlineData("a{1001}")]
    [InlineData("((a{100}){100}){100}")]
    [InlineData(@"\Z")]
    [InlineData("(?#x)")]
    [InlineData("[")]
    [InlineData(@"\")]
    [InlineData(@"\p{Greek}")]
    public void A_pattern_that_RE2_or_the_engine_does_not_know_is_named(string pattern)
    {
        AssertRefused(
            $"virtual host all route 0 safe_regex: '{pattern}' is not a pattern of RE2",
            Resources.Routes("r", Resources.To("c", r => r.Match = new() { SafeRegex = new() { Regex = pattern } })));
        AssertRefused(
            $"header x: '{pattern}' is not a pattern of RE2",
            Resources.Routes("r", Resources.To("c", r => r.Match.Headers.Add(
                new HeaderMatcher { Name = "x", StringMatch = new() { SafeRegex = new() { Regex = pattern } } }))));
        AssertRefused(
            $"query parameter x: '{pattern}' is not a pattern of RE2",
            Resources.Routes("r", Resources.To("c", r => r.Match.QueryParameters.Add(
                new QueryParameterMatcher { Name = "x", StringMatch = new() { SafeRegex = new() { Regex = pattern } } }))));
    }

    [Fact]
    public void Rewrites_and_redirects_that_mean_nothing_are_refused()
    {
        AssertRefused(
            "prefix_rewrite and regex_rewrite exclude each other",
            Resources.Routes("r", Resources.To("c", r =>
            {
                r.Route_.PrefixRewrite = "/x";
                r.Route_.RegexRewrite = new() { Pattern = new() { Regex = "a" }, Substitution = "b" };
            })));
        AssertRefused(
            @"'\2' asks for a group that the pattern does not have",
            Resources.Routes("r", Resources.To("c", r =>
                r.Route_.RegexRewrite = new() { Pattern = new() { Regex = "(a)" }, Substitution = @"\2" })));
        AssertRefused(
            "host_redirect: it holds a character that no address has",
            Resources.Routes("r", new Route { Match = new() { Prefix = "/" }, Redirect = new() { HostRedirect = "a\r\nb" } }));
    }

    [Fact]
    public void Retries_it_cannot_do_are_refused()
    {
        AssertRefused("retry_on 'retriable-headers' is not supported", Retry(p => p.RetryOn = "5xx,retriable-headers"));
        AssertRefused("retry_priority is not supported", Retry(p => p.RetryPriority = new() { Name = "p" }));
        AssertRefused(
            "max_interval must be greater than or equal to base_interval",
            Retry(p => p.RetryBackOff = new() { BaseInterval = new() { Seconds = 2 }, MaxInterval = new() { Seconds = 1 } }));
        AssertRefused(
            "retry_host_predicate omit_canary is not supported",
            Retry(p => p.RetryHostPredicate.Add(new RetryPolicy.Types.RetryHostPredicate { Name = "omit_canary" })));

        static RouteConfiguration Retry(Action<RetryPolicy> change) => Resources.Routes("r", Resources.To("c", r =>
        {
            r.Route_.RetryPolicy = new() { RetryOn = "5xx" };
            change(r.Route_.RetryPolicy);
        }));
    }

    [Fact]
    public void A_domain_belongs_to_one_virtual_host()
    {
        var routes = Resources.Routes("r");
        routes.VirtualHosts.Add(new Envoy.Config.Route.V3.VirtualHost { Name = "twin", Domains = { "*" } });
        AssertRefused("virtual host twin: domain * is there twice", routes);
    }

    [Fact]
    public void A_message_under_another_name_is_refused() => Assert.Contains(
        "the message calls itself 'c'",
        ResourceDecoding.Check(TypeUrl.Cluster, "other", Any.Pack(Resources.Cluster("c"))).Error,
        StringComparison.Ordinal);

    /// <summary>Every truncation of a valid message is either read or refused, and nothing else.</summary>
    [Fact]
    public void No_bytes_break_the_decoder()
    {
        foreach (var message in new IMessage[]
        {
            Resources.Cluster("c", http2: true), Resources.Listener("l", "r"), Resources.Routes("r", Resources.To("c")),
            Resources.Endpoints("c", new System.Net.IPEndPoint(1, 1)),
        })
        {
            var whole = Any.Pack(message);
            for (var i = 0; i < whole.Value.Length; i++)
            {
                for (var flip = 0; flip < 8; flip++)
                {
                    var bytes = whole.Value.ToByteArray();
                    bytes[i] ^= (byte)(1 << flip);
                    AssertReadOrRefused(new Any { TypeUrl = whole.TypeUrl, Value = ByteString.CopyFrom(bytes) });
                }

                AssertReadOrRefused(new Any { TypeUrl = whole.TypeUrl, Value = ByteString.CopyFrom(whole.Value.Span[..i]) });
            }
        }
    }

    private static void AssertReadOrRefused(Any body)
    {
        try
        {
            ResourceDecoding.Check(body.TypeUrl, "c", body);
        }
        catch (InvalidProtocolBufferException)
        {
            // The client makes a refusal of it.
        }
    }

    private static Rds Rds() => new() { ConfigSource = Resources.Ads, RouteConfigName = "r" };
}
