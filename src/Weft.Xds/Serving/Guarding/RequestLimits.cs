using Envoy.Config.Core.V3;
using Envoy.Service.Discovery.V3;
using Grpc.Core;

namespace Weft.Xds.Serving;

/// <summary>
/// What one request may hold. No client comes near these; what is above costs memory for as long as the stream lives,
/// and would be told in logs and on pages. A message as a whole has <see cref="XdsServerSettings.MaxRequestBytes"/>.
/// </summary>
internal static class RequestLimits
{
    /// <summary>Bytes of <c>node</c>. Envoy lists each of its some hundred extensions there, with their types.</summary>
    public const int MostNodeBytes = 512 * 1024;

    /// <summary>Characters of <c>node.id</c> and <c>node.cluster</c>.</summary>
    public const int LongestNodeId = 512;

    /// <summary>Characters of a type URL.</summary>
    public const int LongestType = 512;

    /// <summary>Characters of a resource's name, of a version and of a nonce.</summary>
    public const int LongestName = 4096;

    /// <summary>Names in one request, those of <c>initial_resource_versions</c> among them.</summary>
    public const int MostNames = Streams.StreamLimits.MaxNames;

    /// <exception cref="RpcException">It is above a limit.</exception>
    public static DiscoveryRequest Checked(DiscoveryRequest request)
    {
        Check(request.Node);
        Check(request.TypeUrl, LongestType, "type_url");
        Check(request.VersionInfo, LongestName, "version_info");
        Check(request.ResponseNonce, LongestName, "response_nonce");
        Check(request.ResourceNames.Count + request.ResourceLocators.Count);
        Check(request.ResourceNames, "resource_names");
        return request;
    }

    /// <exception cref="RpcException">It is above a limit.</exception>
    public static DeltaDiscoveryRequest Checked(DeltaDiscoveryRequest request)
    {
        Check(request.Node);
        Check(request.TypeUrl, LongestType, "type_url");
        Check(request.ResponseNonce, LongestName, "response_nonce");
        Check(request.ResourceNamesSubscribe.Count + request.ResourceNamesUnsubscribe.Count
            + request.ResourceLocatorsSubscribe.Count + request.ResourceLocatorsUnsubscribe.Count
            + request.InitialResourceVersions.Count);
        Check(request.ResourceNamesSubscribe, "resource_names_subscribe");
        Check(request.ResourceNamesUnsubscribe, "resource_names_unsubscribe");
        Check(request.InitialResourceVersions.Keys, "initial_resource_versions");
        Check(request.InitialResourceVersions.Values, "initial_resource_versions");
        return request;
    }

    /// <exception cref="RpcException">It is above a limit.</exception>
    public static void Check(Node? node)
    {
        if (node is null)
        {
            return;
        }

        Check(node.Id, LongestNodeId, "node.id");
        Check(node.Cluster, LongestNodeId, "node.cluster");
        if (node.CalculateSize() is var size and > MostNodeBytes)
        {
            throw Refused($"node has {size} bytes; it may have {MostNodeBytes} at the most.");
        }
    }

    private static void Check(int names)
    {
        if (names > MostNames)
        {
            throw new RpcException(new Status(
                StatusCode.ResourceExhausted, $"The request has {names} names; it may have {MostNames} at the most."));
        }
    }

    private static void Check(IEnumerable<string> names, string field)
    {
        foreach (var name in names)
        {
            Check(name, LongestName, field);
        }
    }

    private static void Check(string text, int longest, string field)
    {
        if (text.Length > longest)
        {
            throw Refused($"{field} has {text.Length} characters; it may have {longest} at the most.");
        }
    }

    private static RpcException Refused(string why) => new(new Status(StatusCode.InvalidArgument, why));
}
