using System.Net;
using Envoy.Config.Cluster.V3;
using Envoy.Config.Core.V3;
using Envoy.Config.Listener.V3;
using Weft.EndToEnd.Tests.Stage;
using Weft.Testing;
using Weft.Xds;

namespace Weft.EndToEnd.Tests;

/// <summary>Parts of the protocol that few use, with an Envoy that uses them.</summary>
public sealed class RarerFeaturesTests : IAsyncDisposable
{
    private static readonly CancellationToken Test = TestContext.Current.CancellationToken;

    private static readonly string AllHosts = """
        "routeConfig": {"name": "r", "virtualHosts": [{"name": "all", "domains": ["*"],
         "routes": [{"match": {"prefix": "/"}, "route": {"cluster": "c"} }] }] }
        """;

    private readonly int _port = FreePorts.Next();
    private Application? _upstream;
    private LoneEnvoy? _envoy;

    [Fact]
    public async Task A_filter_that_is_configured_apart_follows_its_configuration_and_is_never_without_one()
    {
        var (cluster, envoy) = await StageAsync();
        var listener = ListenerOf($$"""
            {"name": "f", "configDiscovery": {"configSource": {{LoneEnvoy.Source(aggregated: true)}},
             "typeUrls": ["type.googleapis.com/envoy.extensions.filters.http.fault.v3.HTTPFault"]} }
            """);
        envoy.Server.Publish(ResourceSet.Create(cluster, listener, AbortWith(418)));
        envoy.Start(LoneEnvoy.AllOfAds);
        await Eventually.ListensAsync(_port, cancellation: Test);
        using var caller = new Caller(_port);
        await caller.AnswersAsync("any", answer => (int)answer.Status == 418);
        envoy.Server.Publish(ResourceSet.Create(cluster, listener, AbortWith(451)));
        await caller.AnswersAsync("any", answer => (int)answer.Status == 451);

        // The configuration goes together with the last listener that uses it. Envoy would answer 500 without one, as it
        // would for good on a connection that is open, which goes on with what the listener was.
        envoy.Server.Publish(ResourceSet.Create(cluster, ListenerOf("""
            {"name": "f", "typedConfig": {"@type": "type.googleapis.com/envoy.extensions.filters.http.fault.v3.HTTPFault"} }
            """)));
        await Eventually.GetAsync(
            "an answer to a new connection", async _ => await AnswerAsync(), status => status == HttpStatusCode.OK, cancellation: Test);
        Assert.Equal(451, (int)(await caller.GetAsync("any")).Status);
        await envoy.HasNothingAgainstUsAsync();
    }

    [Fact]
    public async Task What_has_a_time_to_live_stays_as_long_as_the_server_does_and_goes_after_it()
    {
        var (cluster, envoy) = await StageAsync();
        using var responses = envoy.Count("weft.xds.responses");
        var mortal = XdsResource.Create(ListenerOf("""
            {"name": "f", "typedConfig": {"@type": "type.googleapis.com/envoy.extensions.filters.http.fault.v3.HTTPFault"} }
            """)).WithTimeToLive(TimeSpan.FromSeconds(1.5));
        envoy.Server.Publish(ResourceSet.Create([XdsResource.Create(cluster), mortal]));
        envoy.Start(LoneEnvoy.AllOfAds, feature: "xds.config.supports-resource-ttl");
        await Eventually.ListensAsync(_port, cancellation: Test);
        // Clusters and listeners, and then a sign of life each third of the time: twice that time.
        for (var i = 0; i < 2 + 6; i++)
        {
            await responses.NextAsync(Test);
        }

        using var caller = new Caller(_port);
        Assert.Equal(HttpStatusCode.OK, (await caller.GetAsync("any")).Status);
        await envoy.HasNothingAgainstUsAsync();
        await envoy.StopServingAsync();
        await Eventually.ListensAsync(_port, wanted: false, cancellation: Test);
    }

    public async ValueTask DisposeAsync()
    {
        await (_envoy?.DisposeAsync() ?? default);
        await (_upstream?.DisposeAsync() ?? default);
    }

    private async Task<(Cluster Cluster, LoneEnvoy Envoy)> StageAsync()
    {
        _envoy = await LoneEnvoy.ServeAsync();
        _upstream = await Application.StartAsync("upstream");
        return (LoneEnvoy.Parse<Cluster>(LoneEnvoy.Cluster("c", _upstream.Port)), _envoy);
    }

    private async Task<HttpStatusCode> AnswerAsync()
    {
        using var caller = new Caller(_port);
        return (await caller.GetAsync("any")).Status;
    }

    private Listener ListenerOf(string filter) => LoneEnvoy.Parse<Listener>(LoneEnvoy.Listener(_port, AllHosts, filter: filter));

    private static TypedExtensionConfig AbortWith(int status) => LoneEnvoy.Parse<TypedExtensionConfig>($$"""
        {"name": "f", "typedConfig": {"@type": "type.googleapis.com/envoy.extensions.filters.http.fault.v3.HTTPFault",
         "abort": {"httpStatus": {{status}}, "percentage": {"numerator": 100} } } }
        """);
}
