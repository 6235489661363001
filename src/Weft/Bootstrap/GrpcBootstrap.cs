using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Google.Protobuf;
using Weft.ControlPlane;
using Weft.Translation;

namespace Weft.Bootstrap;

/// <summary>
/// A bootstrap for gRPC's own xDS clients (gRFC A27). What each language demands differs: grpc-js wants
/// <c>node.locality</c>, older C-core the feature <c>xds_v3</c>, all of them <c>channel_creds</c>.
/// </summary>
internal static class GrpcBootstrap
{
    public static string Json(string nodeId, IPEndPoint xds)
    {
        var name = NodeGroup.NameOf(nodeId);
        var metadata = JsonFormatter.Default.Format(NodeGroup.Metadata(new ProxyClass.Grpc(name.Namespace), null));
        var bootstrap = new JsonObject
        {
            ["xds_servers"] = new JsonArray(new JsonObject
            {
                ["server_uri"] = xds.ToString(),
                ["channel_creds"] = new JsonArray(new JsonObject { ["type"] = "insecure" }),
                ["server_features"] = new JsonArray("xds_v3"),
            }),
            ["server_listener_resource_name_template"] = GrpcServers.NameTemplate,
            ["node"] = new JsonObject
            {
                ["id"] = nodeId,
                ["cluster"] = name.Name,
                ["locality"] = new JsonObject(),
                ["metadata"] = JsonNode.Parse(metadata),
            },
        };
        return bootstrap.ToJsonString(new JsonSerializerOptions { WriteIndented = true }) + "\n";
    }
}
