using Envoy.Config.Route.V3;
using Envoy.Service.Discovery.V3;
using Grpc.Core;
using Weft.Xds;

namespace Weft.Tests.Xds.Conformance;

/// <summary>Names that are URLs.</summary>
public sealed class XdsTpTests
{
    private const string Route = "xdstp://shop/envoy.config.route.v3.RouteConfiguration/web";

    [Theory, SotwWires]
    public async Task B68_parameters_of_names_match_in_any_order_in_state_of_the_world(Wire wire)
    {
        await using var stage = await XdsStage.StartAsync(new XdsServerSettings());
        stage.Server.Publish(ResourceSet.Create(Of(Route + "?zone=a&app=web"), Of(Route + "?zone=b&app=web"), Of(Route)));
        using var peer = stage.Sotw(wire, "rds");
        await peer.AskAsync("rds", Route + "?app=web&zone=a");
        var heard = await peer.NextAsync();
        // Bytes pass unchanged, and with them the name that the publisher wrote.
        Assert.Equal(Route + "?zone=a&app=web", RouteConfiguration.Parser.ParseFrom(Assert.Single(heard.Resources).Body).Name);
        await peer.AckAsync("rds");
        await peer.AskAsync("rds", Route + "?zone=a&app=web");
        await peer.EndsSilentlyAsync();
    }

    [Theory, DeltaWires]
    public async Task B68_parameters_of_names_match_in_any_order_and_delta_answers_in_order(Wire wire)
    {
        await using var stage = await XdsStage.StartAsync(new XdsServerSettings());
        stage.Server.Publish(ResourceSet.Create(Of(Route + "?zone=a&app=web"), Of(Route + "?zone=b&app=web")));
        using var call = Services.OpenDelta(stage.Channel, wire == Wire.Delta ? null : "rds", TestContext.Current.CancellationToken);
        await AskAsync(stage, call.RequestStream, new()
        {
            ResourceNamesSubscribe = { Route + "?zone=a&app=web#alt=" + Route, Route + "?b=1&a=1" },
        });
        var response = await NextAsync(call.ResponseStream);
        Assert.Equal(Route + "?app=web&zone=a", Assert.Single(response.Resources).Name);
        Assert.Equal(Route + "?a=1&b=1", Assert.Single(response.RemovedResources));
        await AskAsync(stage, call.RequestStream, new() { ResponseNonce = response.Nonce });

        // A client that comes back with another spelling of what it has is not sent it again.
        using var second = Services.OpenDelta(stage.Channel, wire == Wire.Delta ? null : "rds", TestContext.Current.CancellationToken);
        await AskAsync(stage, second.RequestStream, new()
        {
            ResourceNamesSubscribe = { Route + "?zone=a&app=web", Route + "?zone=b&app=web" },
            InitialResourceVersions = { { Route + "?zone=a&app=web", response.Resources[0].Version } },
        });
        var again = await NextAsync(second.ResponseStream);
        Assert.Equal(Route + "?app=web&zone=b", Assert.Single(again.Resources).Name);
    }

    [Theory, DeltaWires]
    public async Task B68_what_was_asked_for_in_one_spelling_may_be_given_up_in_another(Wire wire)
    {
        await using var stage = await XdsStage.StartAsync(new XdsServerSettings());
        stage.Server.Publish(ResourceSet.Create(Of(Route + "?zone=a&app=web"), Of(Route)));
        using var call = Services.OpenDelta(stage.Channel, wire == Wire.Delta ? null : "rds", TestContext.Current.CancellationToken);
        await AskAsync(stage, call.RequestStream, new() { ResourceNamesSubscribe = { Route + "?zone=a&app=web", Route } });
        var first = await NextAsync(call.ResponseStream);
        await AskAsync(stage, call.RequestStream, new()
        {
            ResponseNonce = first.Nonce,
            ResourceNamesUnsubscribe = { Route + "?app=web&zone=a" },
        });

        // Of the one that it gave up it hears nothing any more.
        var changed = new VirtualHost { Name = "changed", Domains = { "*" } };
        stage.Server.Publish(ResourceSet.Create(
            new RouteConfiguration { Name = Route + "?zone=a&app=web", VirtualHosts = { changed } },
            new RouteConfiguration { Name = Route, VirtualHosts = { changed } }));
        var second = await NextAsync(call.ResponseStream);
        Assert.Equal(Route, Assert.Single(second.Resources).Name);
        Assert.Empty(second.RemovedResources);
    }

    [Theory, AllWires]
    public async Task B68_parameters_must_be_the_same_ones(Wire wire)
    {
        await using var stage = await XdsStage.StartAsync("rds/r@1");
        stage.Server.Publish(ResourceSet.Create([XdsResource.Create(Of(Route + "?a=1")), stage.Make("rds/r@1")]));
        using var peer = stage.Connect(wire, "rds");
        await peer.AskAsync("rds", "r", Route, Route + "?a=2", Route + "?a=1&b=1");
        await peer.TakesAsync(wire is Wire.Sotw or Wire.SotwAlone ? "rds r@1" : $"rds r@1 -{Route} -{Route}?a=1&b=1 -{Route}?a=2");
        await peer.EndsSilentlyAsync();
    }

    [Theory, AllWires]
    public async Task B68_what_only_looks_like_such_a_name_is_compared_as_text(Wire wire)
    {
        await using var stage = await XdsStage.StartAsync(new XdsServerSettings());
        stage.Server.Publish(ResourceSet.Create(Of("xdstp://shop/%zz?b=1&a=1"), Of("xdstp://?b=1&a=1")));
        using var peer = stage.Connect(wire, "rds");
        await peer.AskAsync("rds", "xdstp://shop/%zz?b=1&a=1", "xdstp://?b=1&a=1");
        Assert.Equal(2, (await peer.NextAsync()).Resources.Length);
        await peer.AckAsync("rds");
        await peer.AskAsync("rds", "xdstp://shop/%zz?b=1&a=1", "xdstp://?b=1&a=1", "xdstp://?a=1&b=1");
        if (wire is Wire.Delta or Wire.DeltaAlone)
        {
            await peer.TakesAsync("rds -xdstp://?a=1&b=1");
        }

        await peer.EndsSilentlyAsync();
    }

    private static RouteConfiguration Of(string name) => new() { Name = name };

    // Sends it and waits until the server takes it up.
    private static async Task AskAsync(
        XdsStage stage, IClientStreamWriter<DeltaDiscoveryRequest> requests, DeltaDiscoveryRequest request)
    {
        request.TypeUrl = TypeUrl.Route;
        await requests.WriteAsync(request, TestContext.Current.CancellationToken);
        await stage.Requests.NextAsync(TestContext.Current.CancellationToken);
    }

    private static async Task<DeltaDiscoveryResponse> NextAsync(IAsyncStreamReader<DeltaDiscoveryResponse> responses)
    {
        Assert.True(await responses.MoveNext(TestContext.Current.CancellationToken));
        return responses.Current;
    }
}
