using System.Text.Json.Nodes;
using Envoy.Config.Cluster.V3;
using Envoy.Service.Status.V3;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Weft.Admin;
using Generic = Envoy.Service.Status.V3.ClientConfig.Types.GenericXdsConfig;

namespace Weft.Tests.ControlPlane;

public sealed class ClientStatusPageTests
{
    [Fact]
    public void Contents_are_written_as_Envoy_does_and_those_of_unknown_types_as_bytes()
    {
        var known = Any.Pack(new Cluster { Name = "a" });
        var unknown = new Any { TypeUrl = "type.googleapis.com/x.Unknown", Value = ByteString.CopyFromUtf8("hi") };
        var json = JsonNode.Parse(ClientStatusPage.Json(new()
        {
            Config =
            {
                new ClientConfig
                {
                    Node = new() { Id = "n" },
                    GenericXdsConfigs =
                    {
                        new Generic { Name = "a", XdsConfig = known, ConfigStatus = ConfigStatus.Synced },
                        new Generic { Name = "b", ConfigStatus = ConfigStatus.NotSent },
                        new Generic { Name = "c", XdsConfig = unknown, ErrorState = new() { FailedConfiguration = unknown } },
                    },
                },
                new ClientConfig { Node = new() { Id = "silent" } },
            },
        }))!;
        var resources = json["config"]![0]!["generic_xds_configs"]!.AsArray();
        const string Unknown = """{"@type":"type.googleapis.com/x.Unknown","@bytes":"aGk="}""";
        Assert.Equal(
            [
                """{"name":"a","config_status":"SYNCED","xds_config":{"@type":"type.googleapis.com/envoy.config.cluster.v3.Cluster","name":"a"}}""",
                """{"name":"b","config_status":"NOT_SENT"}""",
                $$"""{"name":"c","error_state":{"failed_configuration":{{Unknown}}},"xds_config":{{Unknown}}}""",
            ],
            resources.Select(r => r!.ToJsonString()));
        Assert.Equal("""{"node":{"id":"silent"}}""", json["config"]![1]!.ToJsonString());
    }
}
