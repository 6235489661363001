using Envoy.Service.Discovery.V3;
using Grpc.Core;
using Microsoft.Extensions.Time.Testing;
using Weft.Xds;

namespace Weft.Tests.Xds.Serving;

/// <summary>What only a real stream shows.</summary>
public sealed class XdsServerTests
{
    private static readonly CancellationToken Test = TestContext.Current.CancellationToken;

    private static readonly ResourceSet OneCluster = ResourceSet.Create([Resources.Make(TypeUrl.Cluster, "a", "1")]);

    [Fact]
    public async Task A_request_without_a_type_ends_the_stream_with_invalid_argument()
    {
        await using var fixture = await XdsServerFixture.StartAsync();
        using var call = fixture.Sotw();
        await call.RequestStream.WriteAsync(new DiscoveryRequest { Node = XdsServerFixture.Node("n") }, Test);
        var error = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext(Test));
        Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
    }

    [Fact]
    public async Task Only_the_first_request_names_the_node_and_decides_the_group()
    {
        await using var fixture = await XdsServerFixture.StartAsync(new() { ControlPlaneIdentifier = "cp-1" });
        fixture.Server.Publish(ResourceSet.Empty);
        fixture.Server.Publish("mine", OneCluster);
        using var call = fixture.Sotw();
        await call.RequestStream.WriteAsync(new() { Node = XdsServerFixture.Node("mine"), TypeUrl = TypeUrl.Cluster }, Test);
        Assert.True(await call.ResponseStream.MoveNext(Test));
        var response = call.ResponseStream.Current;
        Assert.Equal("cp-1", response.ControlPlane.Identifier);
        Assert.Equal(TypeUrl.Cluster, Assert.Single(response.Resources).TypeUrl);
        Assert.Equal(OneCluster.Of(TypeUrl.Cluster).Version, response.VersionInfo);
        await call.RequestStream.WriteAsync(new() { TypeUrl = TypeUrl.Listener }, Test);
        Assert.True(await call.ResponseStream.MoveNext(Test));
        Assert.Equal(TypeUrl.Listener, call.ResponseStream.Current.TypeUrl);
    }

    [Fact]
    public async Task A_delta_client_is_told_names_versions_and_removals()
    {
        await using var fixture = await XdsServerFixture.StartAsync();
        fixture.Server.Publish(OneCluster);
        using var call = fixture.Delta();
        await call.RequestStream.WriteAsync(new() { Node = XdsServerFixture.Node("n"), TypeUrl = TypeUrl.Cluster }, Test);
        Assert.True(await call.ResponseStream.MoveNext(Test));
        var resource = Assert.Single(call.ResponseStream.Current.Resources);
        Assert.Equal(("a", OneCluster.Of(TypeUrl.Cluster).All[0].Version), (resource.Name, resource.Version));
        fixture.Server.Publish(ResourceSet.Empty);
        Assert.True(await call.ResponseStream.MoveNext(Test));
        Assert.Equal(["a"], call.ResponseStream.Current.RemovedResources);
    }

    [Fact]
    public async Task A_rejection_is_seen_with_the_clients_own_words_and_a_client_that_left_stays_listed_for_a_while()
    {
        var time = new FakeTimeProvider();
        await using var fixture = await XdsServerFixture.StartAsync(time: time);
        fixture.Server.Publish(OneCluster);
        using (var call = fixture.Sotw())
        {
            await call.RequestStream.WriteAsync(new() { Node = XdsServerFixture.Node("n"), TypeUrl = TypeUrl.Cluster }, Test);
            Assert.True(await call.ResponseStream.MoveNext(Test));
            await call.RequestStream.WriteAsync(
                new()
                {
                    TypeUrl = TypeUrl.Cluster,
                    ResponseNonce = call.ResponseStream.Current.Nonce,
                    ErrorDetail = new Google.Rpc.Status { Code = 3, Message = "no such thing" },
                },
                Test);
            // The answer to a later request shows that the rejection has been taken in.
            await call.RequestStream.WriteAsync(new() { TypeUrl = TypeUrl.Listener }, Test);
            Assert.True(await call.ResponseStream.MoveNext(Test));
            var client = Assert.Single(fixture.Server.Clients);
            Assert.Equal((SyncState.Rejected, "no such thing"), (client.Types[0].State, client.Types[0].Error));
            await call.RequestStream.CompleteAsync();
            Assert.False(await call.ResponseStream.MoveNext(Test));
        }

        Assert.NotNull(Assert.Single(fixture.Server.Clients).DisconnectedAt);
        time.Advance(fixture.Server.Settings.KeepDisconnected + TimeSpan.FromSeconds(1));
        Assert.Empty(fixture.Server.Clients);
    }

    [Fact]
    public async Task A_client_is_pending_from_the_moment_of_the_publication()
    {
        await using var fixture = await XdsServerFixture.StartAsync();
        fixture.Server.Publish(OneCluster);
        using var call = fixture.Sotw();
        await call.RequestStream.WriteAsync(new() { Node = XdsServerFixture.Node("n"), TypeUrl = TypeUrl.Cluster }, Test);
        Assert.True(await call.ResponseStream.MoveNext(Test));
        await call.RequestStream.WriteAsync(
            new() { TypeUrl = TypeUrl.Cluster, ResponseNonce = call.ResponseStream.Current.Nonce }, Test);
        // The answer to a later request shows that the ACK has been taken in.
        await call.RequestStream.WriteAsync(new() { TypeUrl = TypeUrl.Listener }, Test);
        Assert.True(await call.ResponseStream.MoveNext(Test));
        Assert.Equal(SyncState.Synced, Assert.Single(fixture.Server.Clients).Types[0].State);
        fixture.Server.Publish(ResourceSet.Create([Resources.Make(TypeUrl.Cluster, "a", "2")]));
        Assert.Equal(SyncState.Pending, Assert.Single(fixture.Server.Clients).Types[0].State);
    }

    [Fact]
    public async Task A_server_that_stops_ends_its_streams_cleanly()
    {
        await using var fixture = await XdsServerFixture.StartAsync();
        fixture.Server.Publish(OneCluster);
        // .NET's client reports a connection that was closed even where the stream on it ended in order before that.
        var endRead = new TaskCompletionSource();
        using var channel = fixture.ChannelOver(c => new HeldAfterEnd(c, endRead.Task));
        var ads = new AggregatedDiscoveryService.AggregatedDiscoveryServiceClient(channel);
        using var call = ads.DeltaAggregatedResources(cancellationToken: Test);
        await call.RequestStream.WriteAsync(new() { Node = XdsServerFixture.Node("n"), TypeUrl = TypeUrl.Cluster }, Test);
        Assert.True(await call.ResponseStream.MoveNext(Test));
        var stop = fixture.StopAsync();
        Assert.False(await call.ResponseStream.MoveNext(Test));
        Assert.Equal(StatusCode.OK, call.GetStatus().StatusCode);
        endRead.SetResult();
        await stop;
    }

    [Fact]
    public async Task A_client_that_does_not_read_holds_up_nobody_and_is_sent_the_newest_when_it_does()
    {
        await using var fixture = await XdsServerFixture.StartAsync();
        fixture.Server.Publish(Big(0));
        using var slow = fixture.Sotw();
        await slow.RequestStream.WriteAsync(new() { Node = XdsServerFixture.Node("slow"), TypeUrl = TypeUrl.Cluster }, Test);
        using var quick = fixture.Sotw();
        await quick.RequestStream.WriteAsync(new() { Node = XdsServerFixture.Node("quick"), TypeUrl = TypeUrl.Cluster }, Test);
        const int Changes = 200;
        for (var i = 1; i <= Changes; i++)
        {
            fixture.Server.Publish(Big(i));
        }

        var last = Big(Changes).Of(TypeUrl.Cluster).Version;
        await UntilAsync(quick, last);
        // Far fewer than were published reach it: while a write waits for it, newer sets replace each other.
        Assert.InRange(await UntilAsync(slow, last), 1, Changes / 2);
    }

    // Large enough that a window of HTTP/2 holds few of them.
    private static ResourceSet Big(int version) => ResourceSet.Create(Enumerable.Range(0, 100).Select(
        i => Resources.Make(TypeUrl.Cluster, $"cluster-{i}-{new string('x', 1000)}", $"{version}")));

    private static async Task<int> UntilAsync(
        AsyncDuplexStreamingCall<DiscoveryRequest, DiscoveryResponse> call, string version)
    {
        for (var responses = 1; await call.ResponseStream.MoveNext(Test); responses++)
        {
            if (call.ResponseStream.Current.VersionInfo == version)
            {
                return responses;
            }
        }

        throw new InvalidOperationException("The stream ended.");
    }
}
