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
    private static readonly TimeSpan AtOnce = TimeSpan.FromSeconds(3);

    private readonly int _port = FreePorts.Next();
    private Application? _upstream;
    private LoneEnvoy? _envoy;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_host_is_asked_for_when_a_request_names_it_and_an_unknown_one_is_answered_at_once(bool aggregated)
    {
        var (upstream, envoy) = await StageAsync();
        envoy.Server.Publish(Hosts(upstream.Port, aggregated, "known.test"));
        envoy.Start($$""", "cdsConfig": {{LoneEnvoy.Source(true)}}, "ldsConfig": {{LoneEnvoy.Source(true)}} """);
        var watch = Stopwatch.StartNew();
        await Eventually.ListensAsync(_port);
        TestContext.Current.TestOutputHelper?.WriteLine($"listens after {watch.Elapsed}");

        using var caller = new Caller(_port);
        await AnswersAtOnceAsync(caller, "known.test", HttpStatusCode.OK);
        await AnswersAtOnceAsync(caller, "unknown.test", HttpStatusCode.NotFound);
        await AnswersAtOnceAsync(caller, "unknown.test", HttpStatusCode.NotFound);
    }

    public async ValueTask DisposeAsync()
    {
        await (_envoy?.DisposeAsync() ?? default);
        await (_upstream?.DisposeAsync() ?? default);
    }

    private async Task<(Application Upstream, LoneEnvoy Envoy)> StageAsync()
    {
        _envoy = await LoneEnvoy.ServeAsync();
        _upstream = await Application.StartAsync("upstream");
        return (_upstream, _envoy);
    }

    private static async Task AnswersAtOnceAsync(Caller caller, string host, HttpStatusCode status, string path = "/")
    {
        var watch = Stopwatch.StartNew();
        Assert.Equal(status, (await caller.GetAsync(host, path)).Status);
        TestContext.Current.TestOutputHelper?.WriteLine($"{host} after {watch.Elapsed}");
        Assert.True(watch.Elapsed < AtOnce, $"{host} was answered after {watch.Elapsed}.");
    }

    private ResourceSet Hosts(int upstream, bool aggregated, params string[] hosts) => ResourceSet.Create((IMessage[])[
        LoneEnvoy.Parse<Cluster>(LoneEnvoy.Cluster("c", upstream)),
        LoneEnvoy.Parse<Listener>(LoneEnvoy.Listener(
            _port, $$""" "rds": {"routeConfigName": "r", "configSource": {{LoneEnvoy.Source(true)}} } """)),
        LoneEnvoy.Parse<RouteConfiguration>($$"""{"name": "r", "vhds": {"configSource": {{LoneEnvoy.Source(aggregated)}} } }"""),
        .. hosts.Select(host => LoneEnvoy.Parse<VirtualHost>($$"""
            {"name": "r/{{host}}", "domains": ["{{host}}"], "routes": [{"match": {"prefix": "/"}, "route": {"cluster": "c"} }] }
            """)),
    ]);
}
