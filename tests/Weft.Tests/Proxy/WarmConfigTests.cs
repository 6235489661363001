using System.Net;
using Envoy.Config.Core.V3;
using Envoy.Config.Listener.V3;
using Envoy.Extensions.Filters.Network.HttpConnectionManager.V3;
using Envoy.Extensions.TransportSockets.Tls.V3;
using Envoy.Service.Discovery.V3;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Weft.Proxy.Config;
using Weft.Xds;
using Weft.Xds.Client;

namespace Weft.Tests.Proxy;

public sealed class WarmConfigTests
{
    private static readonly IPEndPoint Somewhere = new(IPAddress.Loopback, 80);
    private readonly DeltaClient _client = new(new Node(), ResourceDecoding.Check);
    private DeltaClientState _state = DeltaClientState.Initial;
    private WarmConfig _config = WarmConfig.Empty;
    private int _version;

    public WarmConfigTests() => _state = _client.Step(_state, new DeltaInput.StreamOpened()).State;

    [Fact]
    public void A_cluster_is_used_once_its_endpoints_are_there()
    {
        Receive(TypeUrl.Cluster, "c", Resources.Cluster("c"));
        Assert.Equal(["c"], _config.WarmingClusters);
        Assert.Empty(_config.Clusters);

        Receive(TypeUrl.Endpoints, "c", Resources.Endpoints("c", Somewhere));
        Assert.Empty(_config.WarmingClusters);
        Assert.Equal(Somewhere, _config.Clusters["c"].Endpoints.Endpoints.Single().Address);
    }

    [Fact]
    public void A_static_cluster_is_used_at_once()
    {
        Receive(TypeUrl.Cluster, "c", new Envoy.Config.Cluster.V3.Cluster
        {
            Name = "c",
            LoadAssignment = Resources.Endpoints("c", Somewhere),
        });
        Assert.Equal(Somewhere, _config.Clusters["c"].Endpoints.Endpoints.Single().Address);
    }

    [Fact]
    public void An_updated_cluster_stays_the_old_one_until_it_is_warm()
    {
        Receive(TypeUrl.Cluster, "c", Resources.Cluster("c"));
        Receive(TypeUrl.Endpoints, "c", Resources.Endpoints("c", Somewhere));
        var old = _config.Clusters["c"];

        var updated = Resources.Cluster("c");
        updated.EdsClusterConfig.ServiceName = "c2";
        Receive(TypeUrl.Cluster, "c", updated);
        Assert.Equal(["c"], _config.WarmingClusters);
        Assert.Same(old, _config.Clusters["c"]);

        Receive(TypeUrl.Endpoints, "c2", Resources.Endpoints("c2"));
        Assert.Equal("c2", _config.Clusters["c"].Config.EndpointsName);
    }

    [Fact]
    public void Endpoints_that_do_not_exist_make_a_cluster_warm_and_empty()
    {
        Receive(TypeUrl.Cluster, "c", Resources.Cluster("c"));
        Receive(TypeUrl.Endpoints, "c", null);
        Assert.Empty(_config.Clusters["c"].Endpoints.Endpoints);
    }

    [Fact]
    public void Removed_endpoints_and_routes_stay_as_long_as_somebody_needs_them()
    {
        Receive(TypeUrl.Cluster, "c", Resources.Cluster("c"));
        Receive(TypeUrl.Endpoints, "c", Resources.Endpoints("c", Somewhere));
        Receive(TypeUrl.Listener, "l", Resources.Listener("l", "r"));
        Receive(TypeUrl.Route, "r", Resources.Routes("r", Resources.To("c")));
        Receive(TypeUrl.Endpoints, "c", null);
        Receive(TypeUrl.Route, "r", null);
        Assert.Single(_config.Clusters["c"].Endpoints.Endpoints);
        Assert.NotNull(_config.Listeners["l"].Chains[0].Routes!.Any);

        Receive(TypeUrl.Cluster, "c", null);
        Receive(TypeUrl.Listener, "l", null);
        Assert.Empty(_config.Clusters);
        Assert.Empty(_config.Listeners);
    }

    [Fact]
    public void A_listener_waits_for_its_routes_and_keeps_the_old_ones_meanwhile()
    {
        Receive(TypeUrl.Listener, "l", Resources.Listener("l", "r"));
        Assert.Equal(["l"], _config.WarmingListeners);
        Receive(TypeUrl.Route, "r", Resources.Routes("r", Resources.To("c")));
        var old = _config.Listeners["l"];
        Receive(TypeUrl.Listener, "l", Resources.Listener("l", "r2"));
        Assert.Equal(["l"], _config.WarmingListeners);
        Assert.Same(old, _config.Listeners["l"]);
        Receive(TypeUrl.Route, "r2", Resources.Routes("r2"));
        Assert.Equal("r2", _config.Listeners["l"].Chains[0].Routes!.Name);
    }

    [Fact]
    public void The_first_listeners_wait_for_all_clusters()
    {
        Receive(TypeUrl.Cluster, "c", Resources.Cluster("c"));
        Receive(TypeUrl.Listener, "l", Resources.Listener("l", "r"));
        Receive(TypeUrl.Route, "r", Resources.Routes("r", Resources.To("c")));
        Assert.Equal(["l"], _config.WarmingListeners);
        Assert.True(_config.HoldsListeners);
        Assert.NotNull(_config.Step(_state.ToSnapshot(), isPatient: false).Listeners["l"]);
        Receive(TypeUrl.Endpoints, "c", Resources.Endpoints("c", Somewhere));
        Assert.NotNull(_config.Listeners["l"]);
        Assert.False(_config.HoldsListeners);

        Receive(TypeUrl.Cluster, "d", Resources.Cluster("d"));
        Receive(TypeUrl.Listener, "m", Resources.Listener("m", "r"));
        Assert.Equal(["d"], _config.WarmingClusters);
        Assert.NotNull(_config.Listeners["m"]);
    }

    [Fact]
    public void A_listener_waits_for_its_secrets_and_keeps_those_that_it_has()
    {
        var routes = new HttpConnectionManager { RouteConfig = Resources.Routes("r") };
        using var certificate = Certificates.For("a.example.com");
        Receive(TypeUrl.Listener, "l", Resources.Secured(Resources.Listener("l", routes), "cert"));
        Assert.Equal(["l"], _config.WarmingListeners);
        Receive(TypeUrl.Secret, "cert", Resources.Secret("cert", certificate));
        Assert.Empty(_config.WarmingListeners);
        var good = Assert.Single(_config.Listeners["l"].Chains[0].Certificates);

        var bad = Resources.Secret("cert", certificate);
        bad.TlsCertificate.PrivateKey.InlineString = "no key";
        Receive(TypeUrl.Secret, "cert", bad);
        Receive(TypeUrl.Secret, "cert", null);
        Assert.Same(good, Assert.Single(_config.Listeners["l"].Chains[0].Certificates));
    }

    [Fact]
    public void A_secret_that_is_missing_or_bad_keeps_no_other_chain_waiting()
    {
        Receive(TypeUrl.Listener, "l", Secured("missing"));
        Receive(TypeUrl.Secret, "missing", null);
        Assert.Empty(_config.WarmingListeners);
        Assert.Empty(_config.Listeners["l"].Chains[0].Certificates);
        Receive(TypeUrl.Listener, "l", Secured("bad"));
        Assert.Equal(["l"], _config.WarmingListeners);
        Receive(TypeUrl.Secret, "bad", new Secret { Name = "bad" });
        Assert.Empty(_config.WarmingListeners);

        static Listener Secured(string secret) => Resources.Secured(
            Resources.Listener("l", new HttpConnectionManager { RouteConfig = Resources.Routes("r") }), secret);
    }

    [Fact]
    public void A_refused_update_changes_nothing()
    {
        Receive(TypeUrl.Cluster, "c", Resources.Cluster("c"));
        Receive(TypeUrl.Endpoints, "c", Resources.Endpoints("c", Somewhere));
        var old = _config.Clusters["c"];
        var bad = Resources.Cluster("c");
        bad.TransportSocket = new() { Name = "tls" };
        Receive(TypeUrl.Cluster, "c", bad);
        Assert.Same(old, _config.Clusters["c"]);
    }

    [Fact]
    public void The_same_content_again_stays_the_same_object()
    {
        Receive(TypeUrl.Cluster, "c", Resources.Cluster("c"));
        Receive(TypeUrl.Endpoints, "c", Resources.Endpoints("c", Somewhere));
        var old = _config.Clusters["c"];
        Receive(TypeUrl.Cluster, "c", Resources.Cluster("c"));
        Receive(TypeUrl.Endpoints, "c", Resources.Endpoints("c", Somewhere));
        Assert.Same(old, _config.Clusters["c"]);
    }

    private void Receive(string type, string name, IMessage? message)
    {
        var response = new DeltaDiscoveryResponse { TypeUrl = type, Nonce = "n" };
        if (message is null)
        {
            response.RemovedResources.Add(name);
        }
        else
        {
            response.Resources.Add(new Resource { Name = name, Version = $"{++_version}", Resource_ = Any.Pack(message) });
        }

        _state = _client.Step(_state, new DeltaInput.Received(response)).State;
        _config = _config.Step(_state.ToSnapshot());
    }
}
