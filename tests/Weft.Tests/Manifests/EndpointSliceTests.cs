using Weft.Model;

namespace Weft.Tests.Manifests;

public sealed class EndpointSliceTests
{
    [Fact]
    public void A_slice_lists_the_endpoints_of_the_service_in_its_label()
    {
        var slice = Decoded.Only<EndpointSliceConfig>("""
            apiVersion: discovery.k8s.io/v1
            kind: EndpointSlice
            metadata:
              name: reviews-x2
              namespace: shop
              labels: {kubernetes.io/service-name: reviews}
            addressType: IPv4
            ports:
            - {name: http, port: 9080, protocol: TCP, appProtocol: http}
            endpoints:
            - addresses: [10.0.0.1, 10.0.0.2]
              zone: a
              nodeName: n1
              targetRef: {kind: Pod, name: p}
            - addresses: ["fd00::1"]
              conditions: {ready: false, serving: true}
            - addresses: [10.0.0.3]
              conditions: {ready: null}
            """);
        Assert.Equal(new ObjectName("shop", "reviews"), slice.Service);
        Assert.Equal([new("http", 9080)], slice.Ports);
        Assert.Equal(
            ["10.0.0.1,10.0.0.2 True a", "fd00::1 False ", "10.0.0.3 True "],
            slice.Endpoints.Select(e => $"{string.Join(',', e.Addresses)} {e.Ready} {e.Zone}"));
    }

    [Theory]
    [InlineData("ports: [{port: 80}]\nendpoints: []", "")]
    [InlineData("ports: [{name: x}]", "4:9 error WEFT1012")]
    [InlineData("ports: [{port: -1}]", "4:16 error WEFT1102")]
    [InlineData("ports: [{port: 80}, {port: 81}]", "4:21 error WEFT1110")]
    [InlineData("ports: [{port: 80, protocol: SCTP}]", "4:30 error WEFT1201")]
    [InlineData("addressType: FQDN", "4:14 error WEFT1201")]
    [InlineData("addressType: ipv4", "4:14 error WEFT1109")]
    [InlineData("endpoints: [{zone: a}]", "4:13 error WEFT1012")]
    [InlineData(
        "endpoints: [{addresses: [10.0.0.256, \"127.1\", 10.0.0.1]}]", "4:26 error WEFT1103, 4:38 error WEFT1103")]
    [InlineData("endpoints: [{addresses: [10.0.0.1], conditions: {ready: maybe}}]", "4:57 error WEFT1011")]
    [InlineData("endpoints: [{addresses: [10.0.0.1], conditions: {redy: true}}]", "4:50 warning WEFT1013")]
    [InlineData("endpoint: []", "4:1 warning WEFT1013")]
    public void A_mistake_is_found_where_it_stands(string fields, string expected) =>
        Assert.Equal(expected, Decoded.Findings(
            "apiVersion: discovery.k8s.io/v1\nkind: EndpointSlice\n"
            + $"metadata: {{name: a, labels: {{kubernetes.io/service-name: b}}}}\n{fields}\n"));

    [Fact]
    public void A_slice_of_no_service_is_a_mistake() =>
        Assert.Equal(
            "metadata.labels[kubernetes.io/service-name] is missing. "
            + "(the label names the service whose endpoints these are)",
            Decoded.Message("apiVersion: discovery.k8s.io/v1\nkind: EndpointSlice\nmetadata: {name: a}\n"));
}
