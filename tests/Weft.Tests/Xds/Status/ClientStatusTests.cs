using Envoy.Service.Status.V3;
using Grpc.Core;
using Microsoft.Extensions.Time.Testing;
using Weft.Tests.Xds.Serving;
using Weft.Xds;
using Generic = Envoy.Service.Status.V3.ClientConfig.Types.GenericXdsConfig;
using Sotw = Grpc.Core.AsyncDuplexStreamingCall<
    Envoy.Service.Discovery.V3.DiscoveryRequest, Envoy.Service.Discovery.V3.DiscoveryResponse>;

namespace Weft.Tests.Xds.Statuses;

/// <summary>How far clients are with each resource, asked over a real connection.</summary>
public sealed class ClientStatusTests
{
    private static readonly CancellationToken Test = TestContext.Current.CancellationToken;

    private static readonly XdsResource A1 = Resources.Make(TypeUrl.Cluster, "a", "1");

    private static readonly XdsResource A2 = Resources.Make(TypeUrl.Cluster, "a", "2");

    [Fact]
    public async Task B70_a_resource_is_stale_until_the_client_answers_and_then_synced()
    {
        var time = new FakeTimeProvider();
        await using var fixture = await XdsServerFixture.StartAsync(time: time);
        fixture.Server.Publish(ResourceSet.Create([A1]));
        using var call = await OpenAsync(fixture, "n");
        var stale = Assert.Single(await ResourcesAsync(fixture));
        Assert.Equal((TypeUrl.Cluster, "a", A1.Version), (stale.TypeUrl, stale.Name, stale.VersionInfo));
        Assert.Equal(ConfigStatus.Stale, stale.ConfigStatus);
        Assert.Equal(A1.Body, stale.XdsConfig.Value);
        var connected = Assert.Single(fixture.Server.Clients).ConnectedAt;
        Assert.Equal(connected, stale.LastUpdated.ToDateTimeOffset());

        time.Advance(TimeSpan.FromSeconds(30));
        await AnswerAsync(fixture, call);
        var synced = Assert.Single(await ResourcesAsync(fixture));
        Assert.Equal((ConfigStatus.Synced, null), (synced.ConfigStatus, synced.ErrorState));
        fixture.Server.Publish(ResourceSet.Create([A2]));
        Assert.True(await call.ResponseStream.MoveNext(Test));
        var newer = Assert.Single(await ResourcesAsync(fixture));
        Assert.Equal((ConfigStatus.Stale, A2.Version), (newer.ConfigStatus, newer.VersionInfo));
        Assert.Equal(connected + TimeSpan.FromSeconds(30), newer.LastUpdated.ToDateTimeOffset());
    }

    [Fact]
    public async Task B70_a_rejected_resource_is_an_error_with_the_clients_words_until_one_is_accepted()
    {
        await using var fixture = await XdsServerFixture.StartAsync();
        fixture.Server.Publish(ResourceSet.Create([A1]));
        using var call = await OpenAsync(fixture, "n");
        await AnswerAsync(fixture, call, "no such thing");
        var rejected = Assert.Single(await ResourcesAsync(fixture));
        Assert.Equal(ConfigStatus.Error, rejected.ConfigStatus);
        Assert.Equal(("no such thing", A1.Version), (rejected.ErrorState.Details, rejected.ErrorState.VersionInfo));
        Assert.Equal(A1.Body, rejected.ErrorState.FailedConfiguration.Value);
        Assert.NotNull(rejected.ErrorState.LastUpdateAttempt);

        fixture.Server.Publish(ResourceSet.Create([A2]));
        Assert.True(await call.ResponseStream.MoveNext(Test));
        await AnswerAsync(fixture, call);
        var mended = Assert.Single(await ResourcesAsync(fixture));
        Assert.Equal((ConfigStatus.Synced, null), (mended.ConfigStatus, mended.ErrorState));
    }

    [Fact]
    public async Task B70_what_waits_for_its_turn_or_is_nowhere_is_not_sent()
    {
        // The listener waits for the cluster's answer; nothing makes that time pass.
        await using var fixture = await XdsServerFixture.StartAsync(time: new FakeTimeProvider());
        var listener = Resources.Make(TypeUrl.Listener, "l", "1");
        fixture.Server.Publish(ResourceSet.Create([A1, listener, Resources.Make(TypeUrl.Route, "other", "1")]));
        using var call = await OpenAsync(fixture, "n");
        await call.RequestStream.WriteAsync(new() { TypeUrl = TypeUrl.Listener }, Test);
        await call.RequestStream.WriteAsync(new() { TypeUrl = TypeUrl.Route, ResourceNames = { "nowhere" } }, Test);
        await call.RequestStream.WriteAsync(new() { TypeUrl = TypeUrl.Endpoints, ResourceNames = { "e" } }, Test);
        while (Assert.Single(fixture.Server.Clients).Types.Length < 4)
        {
            await Task.Yield();
        }

        var waiting = (await ResourcesAsync(fixture)).Where(r => r.ConfigStatus == ConfigStatus.NotSent).ToList();
        Assert.Equal(["e", "l", "nowhere"], waiting.Select(r => r.Name));
        Assert.Equal(["", listener.Version, ""], waiting.Select(r => r.VersionInfo));
        Assert.Equal([false, true, false], waiting.Select(r => r.XdsConfig is not null));
    }

    [Fact]
    public async Task B70_without_contents_only_versions_are_told_and_keys_never_are()
    {
        await using var fixture = await XdsServerFixture.StartAsync();
        fixture.Server.Publish(ResourceSet.Create([A1, Resources.Make(TypeUrl.Secret, "key", "private")]));
        using var call = await OpenAsync(fixture, "n");
        await AnswerAsync(fixture, call, "no");
        await call.RequestStream.WriteAsync(new() { TypeUrl = TypeUrl.Secret, ResourceNames = { "key" } }, Test);
        Assert.True(await call.ResponseStream.MoveNext(Test));
        Assert.Equal(["a"], (await ResourcesAsync(fixture)).Where(r => r.XdsConfig is not null).Select(r => r.Name));
        var bare = await ResourcesAsync(fixture, new() { ExcludeResourceContents = true });
        Assert.Equal(["a", "key"], bare.Select(r => r.Name));
        Assert.All(bare, r => Assert.Null(r.XdsConfig));
        Assert.All(bare, r => Assert.Null(r.ErrorState?.FailedConfiguration));
        Assert.All(bare, r => Assert.NotEmpty(r.VersionInfo));
    }

    [Fact]
    public async Task A_stream_of_questions_has_an_answer_for_each_with_the_clients_that_are_there_then()
    {
        await using var fixture = await XdsServerFixture.StartAsync();
        fixture.Server.Publish(ResourceSet.Create([A1]));
        using var questions = Csds(fixture).StreamClientStatus(cancellationToken: Test);
        using (var call = await OpenAsync(fixture, "n"))
        {
            using var silent = fixture.Sotw();
            await questions.RequestStream.WriteAsync(new(), Test);
            Assert.True(await questions.ResponseStream.MoveNext(Test));
            Assert.Equal("n", Assert.Single(questions.ResponseStream.Current.Config).Node.Id);
            await call.RequestStream.CompleteAsync();
            Assert.False(await call.ResponseStream.MoveNext(Test));
        }

        await questions.RequestStream.WriteAsync(new(), Test);
        Assert.True(await questions.ResponseStream.MoveNext(Test));
        Assert.Empty(questions.ResponseStream.Current.Config);
        await questions.RequestStream.CompleteAsync();
        Assert.False(await questions.ResponseStream.MoveNext(Test));
    }

    [Fact]
    public async Task A_client_that_does_not_read_does_not_keep_whoever_asks_waiting()
    {
        await using var fixture = await XdsServerFixture.StartAsync();
        fixture.Server.Publish(ResourceSet.Create(Enumerable.Range(0, 200).Select(
            i => Resources.Make(TypeUrl.Cluster, $"{i}", new string('x', 20_000)))));
        using var call = fixture.Sotw();
        await call.RequestStream.WriteAsync(new() { Node = XdsServerFixture.Node("n"), TypeUrl = TypeUrl.Cluster }, Test);
        while (fixture.Server.Clients is not [{ Types: [{ Resources: 200 }] }])
        {
            await Task.Yield();
        }

        var resources = await ResourcesAsync(fixture, new() { ExcludeResourceContents = true });
        Assert.Equal(200, resources.Count(r => r.ConfigStatus == ConfigStatus.Stale));
    }

    [Fact]
    public async Task A_stream_that_cannot_answer_is_told_by_its_node_alone_when_patience_is_over()
    {
        var time = new FakeTimeProvider();
        await using var fixture = await XdsServerFixture.StartAsync(time: time);
        using var goOn = new ManualResetEventSlim();
        var stuck = new TaskCompletionSource();
        var group = ResourceGroup.OnShared(() =>
        {
            stuck.SetResult();
            goOn.Wait(Test);
            return ResourceSet.Empty;
        });
        fixture.Server.Groups.Update(groups => new(groups.ByName.Add("n", group), null, ResourceSet.Empty));
        using var call = fixture.Sotw();
        await call.RequestStream.WriteAsync(new() { Node = XdsServerFixture.Node("n"), TypeUrl = TypeUrl.Cluster }, Test);
        await stuck.Task;
        var answer = fixture.Server.ClientStatusAsync(new(), Test);
        time.Advance(TimeSpan.FromSeconds(5));
        var config = Assert.Single((await answer).Config);
        Assert.Equal(("n", 0), (config.Node.Id, config.GenericXdsConfigs.Count));
        goOn.Set();
    }

    [Fact]
    public async Task Where_the_settings_do_not_want_it_the_service_is_not_there()
    {
        await using var fixture = await XdsServerFixture.StartAsync(new() { ServesClientStatus = false });
        var error = await Assert.ThrowsAsync<RpcException>(async () => await Csds(fixture).FetchClientStatusAsync(new()));
        Assert.Equal(StatusCode.Unimplemented, error.StatusCode);
    }

    internal static ClientStatusDiscoveryService.ClientStatusDiscoveryServiceClient Csds(XdsServerFixture fixture) =>
        new(fixture.Channel);

    /// <summary>A stream that has been sent its clusters.</summary>
    internal static async Task<Sotw> OpenAsync(XdsServerFixture fixture, string node)
    {
        var call = fixture.Sotw();
        await call.RequestStream.WriteAsync(new() { Node = XdsServerFixture.Node(node), TypeUrl = TypeUrl.Cluster }, Test);
        Assert.True(await call.ResponseStream.MoveNext(Test));
        return call;
    }

    private static async Task AnswerAsync(XdsServerFixture fixture, Sotw call, string? error = null)
    {
        await call.RequestStream.WriteAsync(
            new()
            {
                TypeUrl = TypeUrl.Cluster,
                ResponseNonce = call.ResponseStream.Current.Nonce,
                ErrorDetail = error is null ? null : new Google.Rpc.Status { Message = error },
            },
            Test);
        while (Assert.Single(fixture.Server.Clients).State == SyncState.Pending)
        {
            await Task.Yield();
        }
    }

    private static async Task<List<Generic>> ResourcesAsync(XdsServerFixture fixture, ClientStatusRequest? request = null)
    {
        var response = await Csds(fixture).FetchClientStatusAsync(request ?? new(), cancellationToken: Test);
        return [.. Assert.Single(response.Config).GenericXdsConfigs];
    }
}
