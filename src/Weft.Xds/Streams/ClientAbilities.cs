using Envoy.Config.Core.V3;

namespace Weft.Xds.Streams;

/// <summary>What a client can be told, by what its node says (Envoy's "Well Known Client Features").</summary>
/// <param name="KnowsLifetimes">Whether it takes resources with a time to live, in the protocol that it speaks.</param>
/// <param name="ReadsErrors">Whether it is told what it cannot have by <c>resource_errors</c>.</param>
internal readonly record struct ClientAbilities(bool KnowsLifetimes, bool ReadsErrors)
{
    private const string TimeToLive = "xds.config.supports-resource-ttl";

    // xds_protocol.rst names the first, client_features.rst the second, which is what gRPC says.
    private static readonly string[] Wrapping = ["xds.config.supports-resource-in-sotw", "xds.config.resource-in-sotw"];

    public static ClientAbilities Of(Node node, bool isDelta, XdsServerSettings settings) => new(
        KnowsLifetimes: node.ClientFeatures.Contains(TimeToLive)
            && (isDelta || Wrapping.Any(node.ClientFeatures.Contains)),
        // "There will be no configuration telling gRPC to use these fields; we will unconditionally use them" (gRFC A88):
        // no feature says so. These would wait in vain for what delta tells others by removed_resources.
        ReadsErrors: settings.TellsResourceErrors && node.UserAgentName is not ("envoy" or "weft-proxy"));
}
