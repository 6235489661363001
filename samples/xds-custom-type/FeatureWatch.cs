using Envoy.Service.Discovery.V3;
using Grpc.Core;
using Grpc.Net.Client;

namespace XdsCustomTypeSample;

/// <summary>Follows features by name over a delta stream, as any xDS client would, and tells each change.</summary>
internal static class FeatureWatch
{
    private const string TypeUrl = "type.googleapis.com/sample.v1.Feature";

    public static async Task RunAsync(Uri server, string[] names)
    {
        using var channel = GrpcChannel.ForAddress(server);
        using var call = new AggregatedDiscoveryService.AggregatedDiscoveryServiceClient(channel).DeltaAggregatedResources();
        await call.RequestStream.WriteAsync(new()
        {
            Node = new() { Id = "watcher" },
            TypeUrl = TypeUrl,
            ResourceNamesSubscribe = { names },
        });
        await foreach (var response in call.ResponseStream.ReadAllAsync())
        {
            foreach (var resource in response.Resources)
            {
                var feature = resource.Resource_.Unpack<Feature>();
                Console.WriteLine($"{feature.Name} is for {feature.Percent} % of the users");
            }

            foreach (var name in response.RemovedResources)
            {
                Console.WriteLine($"{name} is for nobody");
            }

            // The ACK: without it the server sends nothing further of this type.
            await call.RequestStream.WriteAsync(new() { TypeUrl = TypeUrl, ResponseNonce = response.Nonce });
        }
    }
}
