using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Google.Protobuf;
using Weft.ControlPlane;
using Weft.Translation;
using Weft.Xds.Client;

namespace Weft.Bootstrap;

/// <summary>
/// A bootstrap for gRPC's own xDS clients (gRFC A27). What each language demands differs: grpc-js wants
/// <c>node.locality</c>, older C-core the feature <c>xds_v3</c>, all of them <c>channel_creds</c>.
/// </summary>
internal static class GrpcBootstrap
{
    public static string Json(string nodeId, IPEndPoint xds, XdsClientCredentials? credentials = null)
    {
        var name = NodeGroup.NameOf(nodeId);
        var metadata = JsonFormatter.Default.Format(NodeGroup.Metadata(new ProxyClass.Grpc(name.Namespace), null));
        var bootstrap = new JsonObject
        {
            ["xds_servers"] = new JsonArray(new JsonObject
            {
                ["server_uri"] = xds.ToString(),
                ["channel_creds"] = new JsonArray(Channel(credentials ?? XdsClientCredentials.None)),
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

    // The channel credentials "tls" of gRFC A65; the files are read anew from time to time.
    private static JsonObject Channel(XdsClientCredentials credentials)
    {
        if (credentials.AuthorityFile is not { } ca)
        {
            return new() { ["type"] = "insecure" };
        }

        var config = new JsonObject { ["ca_certificate_file"] = ca };
        if (credentials is { CertificateFile: { } certificate, KeyFile: { } key })
        {
            config["certificate_file"] = certificate;
            config["private_key_file"] = key;
        }

        return new() { ["type"] = "tls", ["config"] = config };
    }
}
