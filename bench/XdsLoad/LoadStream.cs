using System.Collections.Immutable;
using Envoy.Config.Endpoint.V3;
using Envoy.Service.Discovery.V3;
using Google.Protobuf;
using Grpc.Core;

namespace Weft.XdsLoad;

/// <summary>One delta stream that asks for all clusters and their assignments and accepts what it is sent.</summary>
/// <param name="arrived">Told of each assignment that has been accepted; null where nobody wants to know.</param>
internal sealed class LoadStream(ChannelBase channel, string node, int clusters, Action<ClusterLoadAssignment>? arrived)
{
    private const string Cluster = "type.googleapis.com/envoy.config.cluster.v3.Cluster";
    private const string Endpoints = "type.googleapis.com/envoy.config.endpoint.v3.ClusterLoadAssignment";

    // Thousands of streams share a request: the client is not what is measured.
    private static readonly Marshaller<byte[]> Bytes = Marshallers.Create<byte[]>(b => b, b => b);
    private static readonly Method<byte[], byte[]> Delta = new(
        MethodType.DuplexStreaming, "envoy.service.discovery.v3.AggregatedDiscoveryService", "DeltaAggregatedResources", Bytes, Bytes);

    private static ImmutableDictionary<int, byte[]> _asking = ImmutableDictionary<int, byte[]>.Empty;

    private readonly TaskCompletionSource _synced = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _lacking = 2 * clusters;

    /// <summary>Completes when it has everything.</summary>
    public Task Synced => _synced.Task;

    /// <summary>Reads until the server or <paramref name="ending"/> ends it.</summary>
    /// <param name="reads">How many responses it reads; then never again.</param>
    public async Task RunAsync(int reads, CancellationToken ending)
    {
        using var call = channel.CreateCallInvoker().AsyncDuplexStreamingCall(Delta, null, new(cancellationToken: ending));
        await call.RequestStream.WriteAsync(
            new DeltaDiscoveryRequest { Node = new() { Id = node }, TypeUrl = Cluster }.ToByteArray(), ending);
        await call.RequestStream.WriteAsync(ImmutableInterlocked.GetOrAdd(ref _asking, clusters, Ask), ending);
        for (var read = 0; read < reads && await call.ResponseStream.MoveNext(ending); read++)
        {
            await AnswerAsync(DeltaDiscoveryResponse.Parser.ParseFrom(call.ResponseStream.Current), call.RequestStream, ending);
        }

        if (!ending.IsCancellationRequested && _lacking <= 0 && reads != int.MaxValue)
        {
            await Task.Delay(Timeout.Infinite, ending);
        }
    }

    private async Task AnswerAsync(DeltaDiscoveryResponse response, IClientStreamWriter<byte[]> requests, CancellationToken ending)
    {
        await requests.WriteAsync(
            new DeltaDiscoveryRequest { TypeUrl = response.TypeUrl, ResponseNonce = response.Nonce }.ToByteArray(), ending);
        foreach (var resource in arrived is not null && response.TypeUrl == Endpoints ? response.Resources : [])
        {
            arrived!(ClusterLoadAssignment.Parser.ParseFrom(resource.Resource_.Value));
        }

        _lacking -= response.Resources.Count;
        if (_lacking <= 0)
        {
            _synced.TrySetResult();
        }
    }

    private static byte[] Ask(int clusters)
    {
        var request = new DeltaDiscoveryRequest { TypeUrl = Endpoints };
        request.ResourceNamesSubscribe.AddRange(Enumerable.Range(0, clusters).Select(i => $"c{i}"));
        return request.ToByteArray();
    }
}
