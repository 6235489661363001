using System.Diagnostics;
using System.Net;
using Envoy.Config.Cluster.V3;
using Envoy.Config.Listener.V3;
using Envoy.Config.Route.V3;
using Google.Protobuf;
using Weft.EndToEnd.Tests.Stage;
using Weft.Testing;
using Weft.Xds;

namespace Weft.EndToEnd.Tests;

/// <summary>An Envoy that asks for a virtual host or a cluster when a request first needs it.</summary>
public sealed class OnDemandTests : IAsyncDisposable
{
    // The filter waits five seconds for an answer; without one the request would fail only then.
    private static readonly TimeSpan AtOnce = TimeSpan.FromSeconds(4);

    // A listener waits fifteen seconds for its first virtual hosts.
    private static readonly TimeSpan Warm = TimeSpan.FromSeconds(12);

    private const string ByAuthority = """
        "routeConfig": {"name": "r", "virtualHosts": [{"name": "all", "domains": ["*"],
         "routes": [{"match": {"prefix": "/"}, "route": {"clusterHeader": ":authority"} }] }] }
        """;

    private readonly int _port = FreePorts.Next();
    private Application? _upstream;
    private LoneEnvoy? _envoy;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_host_is_asked_for_when_a_request_names_it_and_an_unknown_one_is_answered_at_once(bool aggregated)
    {
        var (upstream, envoy) = await StageAsync();
        var source = LoneEnvoy.Source(aggregated);
        ResourceSet Set(params (string Name, string Domain)[] hosts) =>
            ResourceSet.Create([.. Routed("l", _port, "r", source, upstream.Port), .. hosts.Select(h => Host(h.Name, h.Domain))]);
        envoy.Server.Publish(Set(("r/known", "known.test"), ("r/wild", "*.wild.test"), ("other/x", "unknown.test")));
        envoy.Start(LoneEnvoy.AllOfAds);
        await ListensAtOnceAsync(_port);

        using var caller = new Caller(_port);
        await AnswersAtOnceAsync(caller, "known.test", HttpStatusCode.OK);
        await AnswersAtOnceAsync(caller, "a.wild.test", HttpStatusCode.OK);
        await AnswersAtOnceAsync(caller, "b.wild.test", HttpStatusCode.OK);
        await AnswersAtOnceAsync(caller, "unknown.test", HttpStatusCode.NotFound);
        await AnswersAtOnceAsync(caller, "unknown.test", HttpStatusCode.NotFound);

        // What was unknown comes to be, one goes, and a domain moves to another virtual host.
        envoy.Server.Publish(Set(("r/new", "unknown.test"), ("r/known", "b.wild.test"), ("r/wild", "a.wild.test")));
        await caller.AnswersAsync("unknown.test", answer => answer.Status == HttpStatusCode.OK);
        await caller.AnswersAsync("known.test", answer => answer.Status == HttpStatusCode.NotFound);
        await AnswersAtOnceAsync(caller, "a.wild.test", HttpStatusCode.OK);
        await AnswersAtOnceAsync(caller, "b.wild.test", HttpStatusCode.OK);
        await envoy.HasNothingAgainstUsAsync();
    }

    [Fact]
    public async Task A_listener_that_comes_later_takes_its_virtual_hosts_as_the_first_does()
    {
        var (upstream, envoy) = await StageAsync();
        var (later, source) = (FreePorts.Next(), LoneEnvoy.Source(aggregated: true));
        IMessage[] first = [.. Routed("l", _port, "r", source, upstream.Port), Host("r/a", "a.test")];
        envoy.Server.Publish(ResourceSet.Create(first));
        envoy.Start(LoneEnvoy.AllOfAds);
        await ListensAtOnceAsync(_port);
        using var caller = new Caller(_port);
        await AnswersAtOnceAsync(caller, "a.test", HttpStatusCode.OK);

        envoy.Server.Publish(ResourceSet.Create(
            [.. first, .. Routed("m", later, "s", source, upstream.Port).Where(m => m is not Cluster), Host("s/b", "b.test")]));
        await ListensAtOnceAsync(later);
        using var other = new Caller(later);
        await AnswersAtOnceAsync(other, "b.test", HttpStatusCode.OK);
        await AnswersAtOnceAsync(other, "a.test", HttpStatusCode.NotFound);
        await envoy.HasNothingAgainstUsAsync();
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public async Task A_cluster_is_asked_for_when_a_request_names_it_and_an_unknown_one_is_answered_at_once(
        bool aggregated, bool besideAllClusters)
    {
        var (upstream, envoy) = await StageAsync();
        var (known, unknown) = (ClusterOf("known", upstream.Port), ClusterOf("unknown", upstream.Port));
        envoy.Server.Publish(ResourceSet.Create(known));
        envoy.Start(
            besideAllClusters ? $$""", "cdsConfig": {{LoneEnvoy.Source(aggregated: true)}} """ : "",
            LoneEnvoy.Listener(_port, ByAuthority, OnDemandBy(aggregated)));
        await ListensAtOnceAsync(_port);

        using var caller = new Caller(_port);
        await AnswersAtOnceAsync(caller, "unknown", HttpStatusCode.ServiceUnavailable);
        await AnswersAtOnceAsync(caller, "known", HttpStatusCode.OK);
        await AnswersAtOnceAsync(caller, "unknown-too", HttpStatusCode.ServiceUnavailable);
        // It comes to be. Envoy, which was told that it does not exist, does not ask for it again.
        envoy.Server.Publish(ResourceSet.Create(known, unknown));
        await caller.AnswersAsync("unknown", answer => answer.Status == HttpStatusCode.OK);
        await envoy.HasNothingAgainstUsAsync();
    }

    [Fact]
    public async Task An_envoy_hears_what_it_cannot_have_as_before_where_other_clients_are_told_errors()
    {
        var (upstream, envoy) = await StageAsync(tellsErrors: true);
        envoy.Server.Publish(ResourceSet.Create(ClusterOf("known", upstream.Port)).WithErrors(
            [ResourceError.NotFound(TypeUrl.Cluster, "unknown")]));
        envoy.Start("", LoneEnvoy.Listener(_port, ByAuthority, OnDemandBy(aggregated: true)));
        await ListensAtOnceAsync(_port);
        using var caller = new Caller(_port);
        await AnswersAtOnceAsync(caller, "unknown", HttpStatusCode.ServiceUnavailable);
        await AnswersAtOnceAsync(caller, "known", HttpStatusCode.OK);
        await envoy.HasNothingAgainstUsAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await (_envoy?.DisposeAsync() ?? default);
        await (_upstream?.DisposeAsync() ?? default);
    }

    private async Task<(Application Upstream, LoneEnvoy Envoy)> StageAsync(bool tellsErrors = false)
    {
        _envoy = await LoneEnvoy.ServeAsync(tellsErrors);
        _upstream = await Application.StartAsync("upstream");
        return (_upstream, _envoy);
    }

    private static async Task AnswersAtOnceAsync(Caller caller, string host, HttpStatusCode status)
    {
        var watch = Stopwatch.StartNew();
        Assert.Equal(status, (await caller.GetAsync(host)).Status);
        Assert.True(watch.Elapsed < AtOnce, $"{host} was answered after {watch.Elapsed}.");
    }

    private static Task ListensAtOnceAsync(int port) =>
        Eventually.ListensAsync(port, cancellation: TestContext.Current.CancellationToken).WaitAsync(Warm);

    private static IMessage[] Routed(string listener, int port, string routes, string source, int upstream) =>
    [
        ClusterOf("c", upstream),
        LoneEnvoy.Parse<Listener>(LoneEnvoy.Listener(port, $$"""
            "rds": {"routeConfigName": "{{routes}}", "configSource": {{LoneEnvoy.Source(aggregated: true)}} }
            """, LoneEnvoy.OnDemand(), listener)),
        LoneEnvoy.Parse<RouteConfiguration>($$"""{"name": "{{routes}}", "vhds": {"configSource": {{source}} } }"""),
    ];

    private static string OnDemandBy(bool aggregated) =>
        LoneEnvoy.OnDemand($$""", "odcds": {"source": {{LoneEnvoy.Source(aggregated)}} } """);

    private static Cluster ClusterOf(string name, int port) => LoneEnvoy.Parse<Cluster>(LoneEnvoy.Cluster(name, port));

    private static VirtualHost Host(string name, string domain) => LoneEnvoy.Parse<VirtualHost>($$"""
        {"name": "{{name}}", "domains": ["{{domain}}"], "routes": [{"match": {"prefix": "/"}, "route": {"cluster": "c"} }] }
        """);
}
