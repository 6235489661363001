using Envoy.Config.Cluster.V3;
using Envoy.Type.V3;
using Google.Protobuf.Collections;
using Weft.Model;
using Weft.Translation;
using static Weft.Tests.Model.Mesh;
using EnvoyCheck = Envoy.Config.Core.V3.HealthCheck;

namespace Weft.Tests.Translation.Mesh;

/// <summary>How endpoints are asked whether they are well.</summary>
public sealed class HealthCheckTests
{
    [Theory]
    [InlineData(AppProtocol.Http, CodecClientType.Http1)]
    [InlineData(AppProtocol.Http2, CodecClientType.Http2)]
    public void They_are_asked_in_what_they_speak_by_a_name_that_servers_take(AppProtocol protocol, CodecClientType codec)
    {
        var check = Assert.Single(Checks(protocol, "HTTP")).HttpHealthCheck;
        Assert.Equal(("a.shop.svc.cluster.local", "/health", codec), (check.Host, check.Path, check.CodecClientType));
    }

    [Fact]
    public void They_are_asked_as_often_before_the_first_request_as_after_it()
    {
        var check = Assert.Single(Checks(AppProtocol.Http, "TCP"));
        Assert.Equal(check.Interval, check.NoTrafficInterval);
    }

    [Fact]
    public void Who_speaks_no_HTTP_2_is_not_asked_by_gRPC()
    {
        Assert.Empty(Checks(AppProtocol.Http, "GRPC"));
        Assert.Equal("a.shop.svc.cluster.local", Assert.Single(Checks(AppProtocol.Http2, "GRPC")).GrpcHealthCheck.Authority);
    }

    private static RepeatedField<EnvoyCheck> Checks(AppProtocol protocol, string kind)
    {
        var check = new HealthCheck(kind, "/health", TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(1), 1, 1);
        var service = Service("a", 80) with { Ports = [new("p", 80, 8080, protocol)] };
        var client = Workload("client", null) with { OutboundPort = 9000 };
        var mesh = MeshComposer.Compose(Of(service, client, Policy("p", PolicyTargetKind.Service, "a", new(HealthCheck: check)))).Snapshot;
        return new MeshTranslation(mesh).For(new ProxyClass.Sidecar(client.Name)).OfType<Cluster>().Single().HealthChecks;
    }
}
