using Envoy.Service.Discovery.V3;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Weft.Xds;

namespace Weft.Tests.Xds.Serving;

/// <summary>Responses that the server writes itself, as a gRPC client reads them.</summary>
public sealed class FramesOverGrpcTests
{
    private static readonly CancellationToken Test = TestContext.Current.CancellationToken;

    // In all far more than a stream's window of HTTP/2, and one resource that is more than that alone.
    private static readonly ResourceSet Large = ResourceSet.Create(
    [
        .. Enumerable.Range(0, 60).Select(i => Resources.Make(TypeUrl.Cluster, $"c{i}", new string('x', 20_000 + i))),
        Resources.Make(TypeUrl.Cluster, "whale", new string('y', 1_500_000)),
    ]);

    [Fact]
    public async Task A_response_larger_than_the_windows_arrives_whole_in_both_protocols()
    {
        await using var fixture = await XdsServerFixture.StartAsync();
        fixture.Server.Publish(Large);
        await AssertArrivesAsync(fixture, Large);
    }

    [Fact]
    public async Task Where_the_application_has_responses_compressed_they_arrive()
    {
        await using var fixture = await XdsServerFixture.StartAsync(grpc: options => options.ResponseCompressionAlgorithm = "gzip");
        fixture.Server.Publish(Large);
        await AssertArrivesAsync(fixture, Large);
    }

    [Fact]
    public async Task A_client_may_compress_its_requests()
    {
        await using var fixture = await XdsServerFixture.StartAsync();
        fixture.Server.Publish(Large);
        using var call = fixture.Ads.StreamAggregatedResources(
            new Metadata { { "grpc-internal-encoding-request", "gzip" } }, cancellationToken: Test);
        await call.RequestStream.WriteAsync(Ask(), Test);
        Assert.True(await call.ResponseStream.MoveNext(Test));
        Assert.Equal(61, call.ResponseStream.Current.Resources.Count);
    }

    [Fact]
    public async Task An_interceptor_sees_each_response()
    {
        var seen = new Seen();
        await using var fixture = await XdsServerFixture.StartAsync(grpc: options => options.Interceptors.Add<Watching>(seen));
        fixture.Server.Publish(Large);
        using var call = fixture.Sotw();
        await call.RequestStream.WriteAsync(Ask(), Test);
        Assert.True(await call.ResponseStream.MoveNext(Test));
        Assert.Equal(call.ResponseStream.Current, Assert.Single(seen.Responses));
    }

    [Fact]
    public async Task A_client_that_goes_while_it_is_written_to_is_gone_and_its_server_serves_others()
    {
        await using var fixture = await XdsServerFixture.StartAsync();
        fixture.Server.Publish(Large);
        using (var call = fixture.Sotw())
        {
            await call.RequestStream.WriteAsync(Ask(), Test);
            while (fixture.Server.Clients.All(c => c.Node.Id != "n"))
            {
                await Task.Yield();
            }
        }

        while (fixture.Server.Clients.Any(c => c.DisconnectedAt is null))
        {
            await Task.Yield();
        }

        await AssertArrivesAsync(fixture, Large);
    }

    [Fact]
    public async Task A_client_that_does_not_read_is_sent_the_newest_when_it_does()
    {
        await using var fixture = await XdsServerFixture.StartAsync();
        fixture.Server.Publish(Large);
        using var call = fixture.Delta();
        await call.RequestStream.WriteAsync(new() { Node = XdsServerFixture.Node("n"), TypeUrl = TypeUrl.Cluster }, Test);
        while (fixture.Server.Clients.All(c => c.Node.Id != "n" || c.Types.IsEmpty))
        {
            await Task.Yield();
        }

        var last = Large;
        for (var i = 1; i <= 50; i++)
        {
            fixture.Server.Publish(last = Large.With([], [Resources.Make(TypeUrl.Cluster, "c0", $"{i}{new string('z', 20_000)}")]));
        }

        var (has, responses) = (new Dictionary<string, ByteString>(), 0);
        while (!last.Of(TypeUrl.Cluster).All.All(r => has.GetValueOrDefault(r.Name) == r.Body))
        {
            Assert.True(await call.ResponseStream.MoveNext(Test));
            responses++;
            foreach (var resource in call.ResponseStream.Current.Resources)
            {
                has[resource.Name] = resource.Resource_.Value;
            }
        }

        // What was being written when the first of the fifty came, and the last of them.
        Assert.Equal(2, responses);
    }

    private static DiscoveryRequest Ask() => new() { Node = XdsServerFixture.Node("n"), TypeUrl = TypeUrl.Cluster };

    private static async Task AssertArrivesAsync(XdsServerFixture fixture, ResourceSet set)
    {
        var expected = set.Of(TypeUrl.Cluster).All;
        using var sotw = fixture.Sotw();
        await sotw.RequestStream.WriteAsync(Ask(), Test);
        Assert.True(await sotw.ResponseStream.MoveNext(Test));
        Assert.Equal(expected.Select(r => r.Any), sotw.ResponseStream.Current.Resources);
        Assert.Equal("weft", sotw.ResponseStream.Current.ControlPlane.Identifier);
        using var delta = fixture.Delta();
        await delta.RequestStream.WriteAsync(new() { Node = XdsServerFixture.Node("m"), TypeUrl = TypeUrl.Cluster }, Test);
        Assert.True(await delta.ResponseStream.MoveNext(Test));
        Assert.Equal(expected.Select(r => r.Envelope), delta.ResponseStream.Current.Resources);
    }

    private sealed class Seen
    {
        public List<DiscoveryResponse> Responses { get; } = [];
    }

    private sealed class Watching(Seen seen) : Interceptor
    {
        public override Task DuplexStreamingServerHandler<TRequest, TResponse>(
            IAsyncStreamReader<TRequest> requestStream,
            IServerStreamWriter<TResponse> responseStream,
            ServerCallContext context,
            DuplexStreamingServerMethod<TRequest, TResponse> continuation) =>
            continuation(requestStream, new Writer<TResponse>(responseStream, seen), context);
    }

    private sealed class Writer<T>(IServerStreamWriter<T> inner, Seen seen) : IServerStreamWriter<T>
    {
        public WriteOptions? WriteOptions
        {
            get => inner.WriteOptions;
            set => inner.WriteOptions = value;
        }

        public Task WriteAsync(T message) => WriteAsync(message, CancellationToken.None);

        public Task WriteAsync(T message, CancellationToken cancellationToken)
        {
            seen.Responses.Add((DiscoveryResponse)(object)message!);
            return inner.WriteAsync(message, cancellationToken);
        }
    }
}
