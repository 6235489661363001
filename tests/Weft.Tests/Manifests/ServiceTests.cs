using Weft.Model;

namespace Weft.Tests.Manifests;

public sealed class ServiceTests
{
    [Fact]
    public void A_service_has_ports_and_a_selector()
    {
        var service = Decoded.Only<ServiceConfig>("""
            apiVersion: v1
            kind: Service
            metadata:
              name: reviews
              namespace: shop
              labels: {team: books}
              annotations: {anything: goes here}
            spec:
              type: ClusterIP
              clusterIP: 10.0.0.1
              sessionAffinity: None
              selector: {app: reviews, version: "1"}
              ports:
              - {name: http-web, port: 80, targetPort: 9080, protocol: TCP, nodePort: 30000}
              - {name: grpc-api, port: 81}
              - {name: admin, port: 82, targetPort: admin-port, appProtocol: kubernetes.io/h2c}
            status:
              loadBalancer: {}
            """);
        Assert.Equal(new ObjectName("shop", "reviews"), service.Name);
        Assert.Equal("a.yaml:1:1", service.Where.ToString());
        Assert.Equal(["app=reviews", "version=1"], service.Selector.Select(l => $"{l.Key}={l.Value}"));
        Assert.Equal(
            [
                new("http-web", 80, 9080, AppProtocol.Http),
                new("grpc-api", 81, 81, AppProtocol.Http2),
                new("admin", 82, 82, AppProtocol.Http2),
            ],
            service.Ports);
    }

    [Fact]
    public void An_object_without_a_namespace_is_in_the_default_one() =>
        Assert.Equal(new ObjectName("default", "a"), Decoded.Only<ServiceConfig>(Service("ports: [{port: 80}]")).Name);

    [Theory]
    [InlineData("http", "", AppProtocol.Http)]
    [InlineData("http2-x", "", AppProtocol.Http2)]
    [InlineData("h2c-x", "", AppProtocol.Http2)]
    [InlineData("grpc", "", AppProtocol.Http2)]
    [InlineData("grpcx", "", AppProtocol.Http)]
    [InlineData("grpc-x", "http", AppProtocol.Http)]
    [InlineData("http-x", "grpc", AppProtocol.Http2)]
    [InlineData("x", "http2", AppProtocol.Http2)]
    public void A_port_speaks_what_its_appProtocol_or_its_name_says(
        string name, string appProtocol, AppProtocol expected)
    {
        var app = appProtocol.Length == 0 ? "" : $", appProtocol: {appProtocol}";
        var service = Decoded.Only<ServiceConfig>(Service($"ports: [{{port: 80, name: {name}{app}}}]"));
        Assert.Equal(expected, service.Ports[0].Protocol);
    }

    [Theory]
    [InlineData("ports: []", "5:3 error WEFT1012")]
    [InlineData("selector: {a: b}", "5:3 error WEFT1012")]
    [InlineData("clusterIP: None", "")]
    [InlineData("ports: [{port: 0}]", "5:18 error WEFT1102")]
    [InlineData("ports: [{port: 65536}]", "5:18 error WEFT1102")]
    [InlineData("ports: [{port: 65535}]", "")]
    [InlineData("ports: [{port: \"80\"}]", "5:18 error WEFT1011")]
    [InlineData("ports: [{port: 80.5}]", "5:18 error WEFT1011")]
    [InlineData("ports: [{name: x}]", "5:11 error WEFT1012")]
    [InlineData("ports: [{port: 80, targetPort: 70000}]", "5:34 error WEFT1102")]
    [InlineData("ports: [{port: 80, targetPort: \"80\"}]", "5:34 error WEFT1101")]
    [InlineData("ports: [{port: 80, protocol: UDP}]", "5:32 error WEFT1201")]
    [InlineData("ports: [{port: 80, protocol: tcp}]", "5:32 error WEFT1109")]
    [InlineData("ports: [{port: 80, appProtocol: mystery}]", "5:35 warning WEFT1203")]
    [InlineData("ports: [{port: 80, name: Web}]", "5:28 error WEFT1101")]
    [InlineData("ports: [{port: 80, name: x}, {port: 80, name: x}]", "5:39 error WEFT1110, 5:49 error WEFT1110")]
    [InlineData("ports: [{port: 80, name: x}, {port: 81}]", "5:32 error WEFT1012")]
    [InlineData("ports: {port: 80}", "5:10 error WEFT1011")]
    [InlineData("ports: [80]", "5:11 error WEFT1011")]
    [InlineData("ports: [{port: 80}]\nselector: {a b: c}", "6:14 error WEFT1104")]
    [InlineData("ports: [{port: 80}]\nselector: {a: -c}", "6:17 error WEFT1104")]
    [InlineData("ports: [{port: 80}]\nselector: {a: 1.10}", "6:17 error WEFT1011")]
    [InlineData("ports: [{port: 80}]\nselector: {a: yes}", "6:17 error WEFT1011")]
    [InlineData("ports: [{port: 80}]\nselektor: {a: b}", "6:3 warning WEFT1013")]
    public void A_mistake_is_found_where_it_stands(string spec, string expected) =>
        Assert.Equal(expected, Decoded.Findings(Service(spec)));

    [Fact]
    public void All_mistakes_are_found_at_once_and_the_document_gives_no_object()
    {
        var text = Service("ports: [{port: 0, name: X}]\nselector: {a: '-'}");
        Assert.Equal("5:18 error WEFT1102, 5:27 error WEFT1101, 6:17 error WEFT1104", Decoded.Findings(text));
        var document = Assert.Single(Decoded.File(text).Documents);
        Assert.Null(document.Config);
        Assert.Equal("Service default/a", document.Key.ToString());
    }

    [Fact]
    public void A_misspelt_field_is_told_with_the_right_spelling() =>
        Assert.Equal(
            "The field 'spec.ports[0].tragetPort' is unknown and has no effect. (did you mean targetPort?)",
            Decoded.Message(Service("ports: [{port: 80, tragetPort: 9080}]")));

    [Fact]
    public void A_number_where_text_must_be_is_told_to_be_quoted() =>
        Assert.Equal(
            "spec.selector.version is the number '1'; it must be text. (put it in quotes)",
            Decoded.Message(Service("ports: [{port: 80}]\nselector: {version: 1}")));

    private static string Service(string spec) => Decoded.Document("v1", "Service", spec);
}
