using Envoy.Service.Discovery.V3;
using Grpc.Core;
using Weft.Xds;
using Weft.Xds.Streams;

namespace Weft.Tests.Xds.Serving;

/// <summary>Clients that mean no good, or are broken.</summary>
public sealed class HostileClientTests
{
    private static readonly CancellationToken Test = TestContext.Current.CancellationToken;

    private static readonly Method<byte[], byte[]> Raw = new(
        MethodType.DuplexStreaming, "envoy.service.discovery.v3.AggregatedDiscoveryService", "StreamAggregatedResources",
        Marshallers.Create<byte[]>(b => b, b => b), Marshallers.Create<byte[]>(b => b, b => b));

    [Fact]
    public async Task Bytes_that_are_no_request_end_the_stream_with_invalid_argument()
    {
        await using var fixture = await XdsServerFixture.StartAsync();
        using var call = fixture.Channel.CreateCallInvoker().AsyncDuplexStreamingCall(Raw, null, new CallOptions());
        await call.RequestStream.WriteAsync([0xff, 0xff, 0xff, 0xff], Test);
        var error = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext(Test));
        Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
    }

    [Fact]
    public async Task Too_many_types_end_the_stream_with_resource_exhausted()
    {
        await using var fixture = await XdsServerFixture.StartAsync();
        fixture.Server.Publish(ResourceSet.Empty);
        using var call = fixture.Sotw();
        var ended = call.ResponseStream.MoveNext(Test);
        for (var i = 0; i <= StreamLimits.MaxTypes; i++)
        {
            await call.RequestStream.WriteAsync(new DiscoveryRequest { TypeUrl = $"x/{i}", ResourceNames = { "a" } }, Test);
        }

        Assert.Equal(StatusCode.ResourceExhausted, (await Assert.ThrowsAsync<RpcException>(() => ended)).StatusCode);
    }

    [Fact]
    public async Task Too_many_names_end_the_stream_with_resource_exhausted()
    {
        await using var fixture = await XdsServerFixture.StartAsync();
        fixture.Server.Publish(ResourceSet.Empty);
        using var call = fixture.Delta();
        var request = new DeltaDiscoveryRequest { TypeUrl = TypeUrl.Secret };
        request.ResourceNamesSubscribe.AddRange(Enumerable.Range(0, StreamLimits.MaxNames + 1).Select(i => $"{i}"));
        var ended = DrainAsync(call.ResponseStream);
        await call.RequestStream.WriteAsync(request, Test);
        Assert.Equal(StatusCode.ResourceExhausted, (await Assert.ThrowsAsync<RpcException>(() => ended)).StatusCode);
    }

    [Fact]
    public async Task Too_many_hosts_of_one_virtual_host_end_the_stream_as_other_names_do()
    {
        await using var fixture = await XdsServerFixture.StartAsync();
        fixture.Server.Publish(ResourceSet.Create([Resources.Make(TypeUrl.VirtualHost, "r/any", "1", "*")]));
        using var call = fixture.Delta();
        var ended = DrainAsync(call.ResponseStream);
        foreach (var part in Enumerable.Range(0, StreamLimits.MaxNames + 1).Chunk(StreamLimits.MaxNames / 2))
        {
            var request = new DeltaDiscoveryRequest { TypeUrl = TypeUrl.VirtualHost };
            request.ResourceNamesSubscribe.AddRange(part.Select(i => $"r/{i}"));
            await call.RequestStream.WriteAsync(request, Test);
        }

        Assert.Equal(StatusCode.ResourceExhausted, (await Assert.ThrowsAsync<RpcException>(() => ended)).StatusCode);
    }

    [Fact]
    public void What_a_client_gets_in_one_response_stays_below_the_limit()
    {
        var set = ResourceSet.Create(Enumerable.Range(0, 20_000).Select(i => Resources.Make(TypeUrl.Endpoints, $"assignment-{i}", "1")));
        var limits = StreamLimits.Default with { MaxResponseBytes = 100_000 };
        var delta = new DeltaStream(limits);
        delta.Step(new StreamInput.Published(set), TimeSpan.Zero);
        var responses = delta.Step(
            new StreamInput.DeltaRequest(TypeUrl.Endpoints, "", ["*"], [], StreamInput.DeltaRequest.NoVersions), TimeSpan.Zero);
        Assert.Equal(20_000, responses.Sum(r => r.Resources.Length));
        Assert.All(responses, r => Assert.InRange(r.Resources.Sum(x => x.Envelope.CalculateSize()), 1, limits.MaxResponseBytes));
        var removals = delta.Step(new StreamInput.Published(ResourceSet.Empty), TimeSpan.Zero);
        Assert.Equal(20_000, removals.Sum(r => r.Removed.Length));
        Assert.All(removals, r => Assert.InRange(r.Removed.Sum(n => n.Length), 1, limits.MaxResponseBytes));
    }

    [Fact]
    public async Task A_client_that_does_not_read_does_not_hold_up_the_end_of_the_server()
    {
        await using var fixture = await XdsServerFixture.StartAsync();
        fixture.Server.Publish(ResourceSet.Create(Enumerable.Range(0, 200).Select(
            i => Resources.Make(TypeUrl.Cluster, $"{i}", new string('x', 20_000)))));
        using var call = fixture.Sotw();
        await call.RequestStream.WriteAsync(new() { Node = XdsServerFixture.Node("n"), TypeUrl = TypeUrl.Cluster }, Test);
        // The client is known once its request has been taken in; it never reads an answer.
        while (fixture.Server.Clients.All(c => c.Node.Id != "n"))
        {
            await Task.Yield();
        }

        await fixture.StopAsync();
        Assert.NotNull(Assert.Single(fixture.Server.Clients).DisconnectedAt);
    }

    private static async Task DrainAsync<T>(IAsyncStreamReader<T> responses)
    {
        while (await responses.MoveNext(Test))
        {
            // Only the end matters.
        }
    }
}
