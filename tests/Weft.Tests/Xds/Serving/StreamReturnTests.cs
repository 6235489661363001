using Envoy.Service.Discovery.V3;
using Grpc.Core;
using Microsoft.Extensions.Time.Testing;
using Weft.Xds;

namespace Weft.Tests.Xds.Serving;

/// <summary>
/// Nothing is lost where streams end by themselves: what changes between a client's going and its return is all that it
/// is told, be it on the same server or on another one.
/// </summary>
public sealed class StreamReturnTests : IAsyncDisposable
{
    private static readonly CancellationToken Test = TestContext.Current.CancellationToken;

    private static readonly ResourceSet Before = Listeners("a@1", "b@1", "c@1");
    private static readonly ResourceSet Meanwhile = Listeners("b@2", "c@1", "d@1");
    private static readonly ResourceSet After = Listeners("b@2", "c@3", "d@1");

    private readonly FakeTimeProvider _time = new();
    private readonly List<XdsServerFixture> _servers = [];
    private readonly Dictionary<string, string> _has = [];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_delta_client_that_comes_back_is_told_exactly_what_has_changed(bool drained)
    {
        var first = await StartAsync();
        using (var call = first.Delta())
        {
            await AskAsync(call);
            Assert.Equal("a@1 b@1 c@1", await TakeAsync(call));
            await EndAsync(first, drained);
            await EndsAsync(call.ResponseStream);
        }

        var second = drained ? await StartAsync() : first;
        second.Server.Publish(Meanwhile);
        using var next = second.Delta();
        await AskAsync(next);
        Assert.Equal("b@2 d@1 -a", await TakeAsync(next));
        second.Server.Publish(After);
        Assert.Equal("c@3", await TakeAsync(next));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_state_of_the_world_client_that_comes_back_is_told_all_there_is(bool drained)
    {
        var first = await StartAsync();
        string version;
        using (var call = first.Sotw())
        {
            await AskAsync(call, "");
            (var said, version) = await TakeAsync(call);
            Assert.Equal("a@1 b@1 c@1", said);
            await EndAsync(first, drained);
            await EndsAsync(call.ResponseStream);
        }

        var second = drained ? await StartAsync() : first;
        second.Server.Publish(Meanwhile);
        using var next = second.Sotw();
        await AskAsync(next, version);
        Assert.Equal("b@2 c@1 d@1", (await TakeAsync(next)).Said);
        second.Server.Publish(After);
        Assert.Equal("b@2 c@3 d@1", (await TakeAsync(next)).Said);
    }

    [Fact]
    public async Task What_is_published_while_a_stream_grows_too_old_is_not_lost()
    {
        var server = await StartAsync();
        using (var call = server.Delta())
        {
            await AskAsync(call);
            await TakeAsync(call);
            // The stream may end before or after it says what is new: either way the client has it in the end.
            server.Server.Publish(Meanwhile);
            await EndAsync(server, drained: false);
            await EndsAsync(call.ResponseStream, Apply);
        }

        server.Server.Publish(After);
        using var next = server.Delta();
        await AskAsync(next);
        await TakeAsync(next);
        Assert.Equal(After.Of(TypeUrl.Listener).All.Select(r => (r.Name, r.Version)), _has.Select(r => (r.Key, r.Value)).Order());
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in _servers)
        {
            await server.DisposeAsync();
        }
    }

    private static ResourceSet Listeners(params string[] labels) => ResourceSet.Create(labels.Select(Listener));

    private static XdsResource Listener(string label) => Resources.Make(TypeUrl.Listener, label[..1], label[2..]);

    private static string Label(string name, string version) =>
        $"{name}@{Enumerable.Range(1, 3).Single(v => Listener($"{name}@{v}").Version == version)}";

    private async Task<XdsServerFixture> StartAsync()
    {
        var server = await XdsServerFixture.StartAsync(
            new() { Overload = new() { MaxConnectionAge = TimeSpan.FromMinutes(30) } }, _time);
        _servers.Add(server);
        server.Server.Publish(Before);
        return server;
    }

    private async Task EndAsync(XdsServerFixture server, bool drained)
    {
        if (drained)
        {
            var gone = server.Server.DrainAsync(TimeSpan.FromSeconds(10), Test);
            _time.Advance(TimeSpan.FromSeconds(10));
            await gone;
        }
        else
        {
            // A tenth later at the most.
            _time.Advance(TimeSpan.FromMinutes(33.1));
        }
    }

    // The connection ends with its last stream, and .NET's client may notice that before it has read how the stream ended.
    private static async Task EndsAsync<T>(IAsyncStreamReader<T> responses, Action<T>? hear = null)
    {
        try
        {
            while (await responses.MoveNext(Test))
            {
                Assert.NotNull(hear);
                hear(responses.Current);
            }
        }
        catch (RpcException e) when (e.StatusCode is StatusCode.Unavailable or StatusCode.Internal)
        {
        }
    }

    private Task AskAsync(AsyncDuplexStreamingCall<DeltaDiscoveryRequest, DeltaDiscoveryResponse> call) => call.RequestStream.WriteAsync(
        new() { Node = XdsServerFixture.Node("n"), TypeUrl = TypeUrl.Listener, InitialResourceVersions = { _has } }, Test);

    private static Task AskAsync(AsyncDuplexStreamingCall<DiscoveryRequest, DiscoveryResponse> call, string version) =>
        call.RequestStream.WriteAsync(
            new() { Node = XdsServerFixture.Node("n"), TypeUrl = TypeUrl.Listener, VersionInfo = version }, Test);

    private async Task<string> TakeAsync(AsyncDuplexStreamingCall<DeltaDiscoveryRequest, DeltaDiscoveryResponse> call)
    {
        Assert.True(await call.ResponseStream.MoveNext(Test));
        var response = call.ResponseStream.Current;
        Apply(response);
        await call.RequestStream.WriteAsync(new() { TypeUrl = response.TypeUrl, ResponseNonce = response.Nonce }, Test);
        return string.Join(' ', response.Resources.Select(r => Label(r.Name, r.Version)).Order(StringComparer.Ordinal)
            .Concat(response.RemovedResources.Select(name => $"-{name}")));
    }

    private static async Task<(string Said, string Version)> TakeAsync(AsyncDuplexStreamingCall<DiscoveryRequest, DiscoveryResponse> call)
    {
        Assert.True(await call.ResponseStream.MoveNext(Test));
        var response = call.ResponseStream.Current;
        await call.RequestStream.WriteAsync(
            new() { TypeUrl = response.TypeUrl, ResponseNonce = response.Nonce, VersionInfo = response.VersionInfo }, Test);
        var resources = response.Resources.Select(any => XdsResource.Create(Envoy.Config.Listener.V3.Listener.Parser.ParseFrom(any.Value)));
        return (string.Join(' ', resources.Select(r => Label(r.Name, r.Version))), response.VersionInfo);
    }

    private void Apply(DeltaDiscoveryResponse response)
    {
        foreach (var resource in response.Resources)
        {
            _has[resource.Name] = resource.Version;
        }

        foreach (var name in response.RemovedResources)
        {
            _has.Remove(name);
        }
    }
}
