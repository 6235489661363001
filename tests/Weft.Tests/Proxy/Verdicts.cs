using Envoy.Config.Cluster.V3;
using Envoy.Config.Endpoint.V3;
using Envoy.Config.Listener.V3;
using Envoy.Config.Route.V3;
using Envoy.Extensions.TransportSockets.Tls.V3;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Weft.Proxy.Config;
using Weft.Xds.Client;

namespace Weft.Tests.Proxy;

/// <summary>Asks the proxy's decoders for their verdict on a resource.</summary>
internal static class Verdicts
{
    public static T Changed<T>(T message, Action<T> change)
    {
        change(message);
        return message;
    }

    public static void AssertRefused(string why, IMessage message) =>
        Assert.Contains(why, Check(message).Error ?? "accepted", StringComparison.Ordinal);

    public static ResourceVerdict Check(IMessage message)
    {
        var name = message switch
        {
            Cluster m => m.Name,
            ClusterLoadAssignment m => m.ClusterName,
            Listener m => m.Name,
            Secret m => m.Name,
            RouteConfiguration m => m.Name,
            _ => throw new ArgumentException(message.Descriptor.Name),
        };
        var body = Any.Pack(message);
        return ResourceDecoding.Check(body.TypeUrl, name, body);
    }
}
