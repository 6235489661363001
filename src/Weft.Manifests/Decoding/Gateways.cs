namespace Weft.Manifests.Decoding;

/// <summary>Words of the Gateway API.</summary>
internal static class Gateways
{
    public const string Group = "gateway.networking.k8s.io";
}
