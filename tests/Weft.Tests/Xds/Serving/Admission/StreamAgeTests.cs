using Envoy.Service.Discovery.V3;
using Envoy.Service.Status.V3;
using Grpc.Core;
using Microsoft.Extensions.Time.Testing;
using Weft.Xds;

namespace Weft.Tests.Xds.Serving;

/// <summary>Streams that end because they are old, or because the server is to stop.</summary>
public sealed class StreamAgeTests
{
    private static readonly CancellationToken Test = TestContext.Current.CancellationToken;

    private static readonly ResourceSet OneCluster = ResourceSet.Create([Resources.Make(TypeUrl.Cluster, "a", "1")]);

    [Fact]
    public async Task An_old_stream_ends_without_an_error_and_the_next_one_goes_over_another_connection()
    {
        var time = new FakeTimeProvider();
        await using var fixture = await XdsServerFixture.StartAsync(
            new() { Overload = new() { MaxConnectionAge = TimeSpan.FromMinutes(30) } }, time);
        fixture.Server.Publish(OneCluster);
        var connections = 0;
        using var channel = fixture.ChannelOver(connection =>
        {
            connections++;
            return connection;
        });
        using var open = await StayAsync(channel);
        var ads = new AggregatedDiscoveryService.AggregatedDiscoveryServiceClient(channel);
        using (var call = ads.DeltaAggregatedResources(cancellationToken: Test))
        {
            await AskAsync(call);
            // A tenth earlier at the most, a tenth later at the most.
            time.Advance(TimeSpan.FromMinutes(26.9));
            fixture.Server.Publish(ResourceSet.Empty);
            Assert.True(await call.ResponseStream.MoveNext(Test));
            time.Advance(TimeSpan.FromMinutes(6.1));
            Assert.False(await call.ResponseStream.MoveNext(Test));
            Assert.Equal(StatusCode.OK, call.GetStatus().StatusCode);
        }

        fixture.Server.Publish(OneCluster);
        // GOAWAY and the end of the stream are written by two loops: a client that is quick may not have read it yet.
        while (connections < 2)
        {
            using var next = ads.DeltaAggregatedResources(cancellationToken: Test);
            await AskAsync(next);
        }
    }

    [Fact]
    public async Task A_stream_has_any_age_where_the_settings_say_so()
    {
        var time = new FakeTimeProvider();
        await using var fixture = await XdsServerFixture.StartAsync(
            new() { Overload = new() { MaxConnectionAge = Timeout.InfiniteTimeSpan } }, time);
        fixture.Server.Publish(OneCluster);
        using var call = fixture.Delta();
        await AskAsync(call);
        time.Advance(TimeSpan.FromDays(40));
        fixture.Server.Publish(ResourceSet.Empty);
        Assert.True(await call.ResponseStream.MoveNext(Test));
    }

    [Fact]
    public async Task A_server_that_drains_ends_its_streams_within_the_time_and_takes_no_more()
    {
        var time = new FakeTimeProvider();
        await using var fixture = await XdsServerFixture.StartAsync(time: time);
        fixture.Server.Publish(OneCluster);
        using var open = await StayAsync(fixture.Channel);
        var calls = Enumerable.Range(0, 20).Select(_ => fixture.Delta()).ToList();
        foreach (var call in calls)
        {
            await AskAsync(call);
        }

        var drained = fixture.Server.DrainAsync(TimeSpan.FromSeconds(10), Test);
        Assert.True(fixture.Server.IsDraining);
        var ends = calls.Select(call => call.ResponseStream.MoveNext(Test)).ToList();
        using (var late = fixture.Delta())
        {
            var error = await Assert.ThrowsAsync<RpcException>(() => late.ResponseStream.MoveNext(Test));
            Assert.Equal(StatusCode.Unavailable, error.StatusCode);
        }

        // Twenty streams by chance: not all of them in the first half, nor in the second, but once in half a million runs.
        time.Advance(TimeSpan.FromSeconds(5));
        await Task.WhenAny(ends);
        Assert.False(drained.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(5));
        Assert.All(await Task.WhenAll(ends), Assert.False);
        await drained;
        calls.ForEach(call => call.Dispose());
    }

    // A connection that was told to go ends with its last stream, and .NET's client may notice that before it has read how
    // the stream ended. So one stream stays that is neither old nor drained.
    private static async Task<AsyncDuplexStreamingCall<ClientStatusRequest, ClientStatusResponse>> StayAsync(ChannelBase channel)
    {
        var call = new ClientStatusDiscoveryService.ClientStatusDiscoveryServiceClient(channel)
            .StreamClientStatus(cancellationToken: Test);
        await call.RequestStream.WriteAsync(new(), Test);
        Assert.True(await call.ResponseStream.MoveNext(Test));
        return call;
    }

    private static async Task AskAsync(AsyncDuplexStreamingCall<DeltaDiscoveryRequest, DeltaDiscoveryResponse> call)
    {
        await call.RequestStream.WriteAsync(new() { Node = XdsServerFixture.Node("n"), TypeUrl = TypeUrl.Cluster }, Test);
        Assert.True(await call.ResponseStream.MoveNext(Test));
    }
}
