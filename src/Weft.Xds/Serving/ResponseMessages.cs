using Envoy.Config.Core.V3;
using Envoy.Service.Discovery.V3;
using Response = Weft.Xds.Streams.Response;

namespace Weft.Xds.Serving;

/// <summary>Responses as messages.</summary>
/// <param name="identifier">What the server calls itself.</param>
internal sealed class ResponseMessages(string identifier)
{
    private readonly ControlPlane _identity = new() { Identifier = identifier };

    public DiscoveryResponse Sotw(Response response)
    {
        var message = new DiscoveryResponse
        {
            TypeUrl = response.TypeUrl,
            VersionInfo = response.Version,
            Nonce = response.Nonce,
            ControlPlane = _identity,
        };
        message.Resources.AddRange(response.Resources.Select(r => r.Any));
        return message;
    }

    public DeltaDiscoveryResponse Delta(Response response)
    {
        var message = new DeltaDiscoveryResponse
        {
            TypeUrl = response.TypeUrl,
            SystemVersionInfo = response.Version,
            Nonce = response.Nonce,
            ControlPlane = _identity,
        };
        message.Resources.AddRange(response.Resources.Select(r => r.Envelope));
        message.RemovedResources.AddRange(response.Removed);
        return message;
    }
}
