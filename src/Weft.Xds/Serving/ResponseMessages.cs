using Envoy.Config.Core.V3;
using Envoy.Service.Discovery.V3;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Weft.Xds.Frames;
using Weft.Xds.Streams;
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
        message.Resources.AddRange(response.Resources.Select(r => LivingFrame.Is(r, response)
            ? new Any { TypeUrl = TypeUrl.Resource, Value = Living(r, response, response.Version).ToByteString() }
            : r.Any));
        AddErrors(message, response, ErrorFrame.SotwField);
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
        message.Resources.AddRange(response.Resources.Select(
            r => LivingFrame.Is(r, response) ? Living(r, response, r.Version) : r.Envelope));
        message.RemovedResources.AddRange(response.Removed);
        AddErrors(message, response, ErrorFrame.DeltaField);
        return message;
    }

    // A message keeps the fields that its class does not know.
    private static void AddErrors(IMessage message, Response response, int field)
    {
        foreach (var error in response.Errors)
        {
            message.MergeFrom(ErrorFrame.Of(error, field));
        }
    }

    private static Resource Living(XdsResource resource, Response response, string version) => new()
    {
        Name = resource.Name,
        Version = version,
        Aliases = { resource.Envelope.Aliases },
        Ttl = resource.Lifetime!.Duration,
        Resource_ = response.Lifetimes == Lifetimes.Renewed ? null : resource.Any,
    };
}
