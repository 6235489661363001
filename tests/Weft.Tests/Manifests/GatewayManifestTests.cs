using System.Text;
using Weft.Model;

namespace Weft.Tests.Manifests;

public sealed class GatewayManifestTests
{
    private const string Api = "gateway.networking.k8s.io/v1";

    [Fact]
    public void A_gateway_has_listeners_with_hosts_certificates_and_allowed_routes()
    {
        var gateway = Decoded.Only<GatewayConfig>(Decoded.Document(Api, "Gateway", """
            gatewayClassName: weft
            addresses: [{type: IPAddress, value: 0.0.0.0}]
            listeners:
            - {name: http, port: 80, protocol: HTTP, hostname: "*.example.com", allowedRoutes: {namespaces: {from: All}}}
            - name: https
              port: 443
              protocol: HTTPS
              tls: {mode: Terminate, certificateRefs: [{kind: Secret, name: cert, namespace: far}]}
              allowedRoutes:
                kinds: [{group: gateway.networking.k8s.io, kind: GRPCRoute}]
                namespaces: {from: Selector, selector: {matchLabels: {team: red}}}
            - name: files
              port: 444
              protocol: HTTPS
              tls: {options: {weft.dev/certificate-file: /c.pem, weft.dev/key-file: /k.pem}}
            """));
        Assert.Equal("0.0.0.0", gateway.Address);
        var (http, https, files) = (gateway.Listeners[0], gateway.Listeners[1], gateway.Listeners[2]);
        Assert.Equal(("*.example.com", "All", 2), (http.Host, http.Namespaces.From, http.Kinds.Length));
        Assert.Equal((null, "Selector", new ObjectName("far", "cert")), (https.Host, https.Namespaces.From, https.Certificates[0].Secret!.Value));
        Assert.Equal(RouteKind.Grpc, Assert.Single(https.Kinds));
        Assert.Equal(("/c.pem", "/k.pem"), (files.Certificates[0].CertificateFile, files.Certificates[0].KeyFile));
    }

    [Theory]
    [InlineData("listeners: []", "5:3 error WEFT1012")]
    [InlineData("listeners: [{name: a, port: 80}]", "5:15 error WEFT1012")]
    [InlineData("listeners: [{name: a, port: 80, protocol: HTTPS}]", "5:15 error WEFT1012")]
    [InlineData("listeners: [{name: a, port: 80, protocol: UDP}]", "")]
    [InlineData("listeners: [{name: a, port: 80, protocol: HBONE}]", "")]
    [InlineData("listeners: [{name: a, port: 80, protocol: HTPP}]", "5:45 error WEFT1109")]
    [InlineData("listeners: [{name: a, port: 80, protocol: http}]", "5:45 error WEFT1109")]
    [InlineData("listeners: [{name: a, port: 80, protocol: HTTP, hostname: a_b}]", "5:61 error WEFT1101")]
    [InlineData("listeners: [{name: a, port: 80, protocol: HTTP}, {name: a, port: 81, protocol: HTTP}]", "5:59 error WEFT1110")]
    [InlineData("listeners: [{name: a, port: 80, protocol: HTTP}]\naddresses: [{value: here}]", "6:23 error WEFT1103")]
    [InlineData("listeners: [{name: a, port: 80, protocol: HTTP}]\nallowedListeners: {}", "6:21 warning WEFT1206")]
    [InlineData("listeners: [{name: a, port: 80, protocol: HTTP}]\ntls: {backend: {}}", "6:18 warning WEFT1206")]
    public void A_mistake_in_a_gateway_is_found_where_it_stands(string spec, string expected) =>
        Assert.Equal(expected, Decoded.Findings(Decoded.Document(Api, "Gateway", spec)));

    [Theory]
    [InlineData("", "addresses: [{value: 10.0.0.1}, {value: 10.0.0.2}]", "UnsupportedAddress")]
    [InlineData("", "addresses: [{type: Hostname, value: a.example.com}]", "UnsupportedAddress")]
    [InlineData("TLS", "", "UnsupportedProtocol")]
    [InlineData("HTTPS", "tls: {frontend: {default: {validation: {}}}}", "Invalid")]
    [InlineData("HTTPS", "tls: {frontend: {perPort: [{port: 80, tls: {validation: {}}}]}}", "Invalid")]
    [InlineData("HTTPS", "tls: {frontend: {default: {validation: {}}, perPort: [{port: 80, tls: {}}]}}", null)]
    public void What_a_gateway_cannot_do_is_refused_with_a_reason(string protocol, string more, string? reason)
    {
        var listener = $"{{name: a, port: 80, protocol: {(protocol.Length == 0 ? "HTTP" : protocol)}, tls: {{certificateRefs: [{{name: c}}]}}}}";
        var gateway = Decoded.Only<GatewayConfig>(Decoded.Document(Api, "Gateway", $"listeners: [{listener}]\n{more}"));
        Assert.Equal(reason, (gateway.Refused ?? gateway.Listeners[0].Refused)?.Reason);
    }

    [Theory]
    [InlineData("stringData: {tls.crt: \"-----BEGIN CERTIFICATE-----\", tls.key: \"-----BEGIN KEY-----\"}", "")]
    [InlineData("data: {tls.crt: LS0tLS1CRUdJTiBDRVJU, tls.key: LS0tLS1CRUdJTiBLRVk=}", "")]
    [InlineData("data: {tls.crt: LS0tLS1CRUdJTiBDRVJU}", "1:1 error WEFT1012")]
    [InlineData("data: {tls.crt: \"#\", tls.key: LS0tLS1CRUdJTiBLRVk=}", "5:17 error WEFT1117")]
    public void A_secret_holds_a_certificate_and_its_key(string data, string expected) =>
        Assert.Equal(expected, Decoded.Findings($"apiVersion: v1\nkind: Secret\nmetadata: {{name: a}}\ntype: kubernetes.io/tls\n{data}\n"));

    [Fact]
    public void A_secret_of_another_type_is_passed_over() =>
        Assert.Equal("1:1 info WEFT1014", Decoded.Findings("apiVersion: v1\nkind: Secret\nmetadata: {name: a}\ntype: Opaque\ndata: {a: b}\n"));

    [Fact]
    public void What_a_secret_holds_is_not_told()
    {
        const string Hidden = "very-secret";
        var text = $"apiVersion: v1\nkind: Secret\nmetadata: {{name: a}}\ntype: kubernetes.io/tls\nstringData: {{tls.crt: {Hidden}, tls.key: {Hidden}}}\n";
        Assert.All(Decoded.Diagnostics(Decoded.File(text)), d => Assert.DoesNotContain(Hidden, d.ToString(), StringComparison.Ordinal));
    }

    [Fact]
    public void A_grant_says_who_may_refer_to_what()
    {
        var grant = Decoded.Only<ReferenceGrantConfig>(Decoded.Document(
            "gateway.networking.k8s.io/v1beta1", "ReferenceGrant",
            $"from: [{{group: {Api.Split('/')[0]}, kind: HTTPRoute, namespace: shop}}]\nto: [{{group: \"\", kind: Service, name: a}}]"));
        Assert.Equal(("HTTPRoute", "shop"), (grant.From[0].Kind, grant.From[0].Namespace));
        Assert.Equal(("Service", "a"), (grant.To[0].Kind, grant.To[0].Name));
    }

    [Theory]
    [InlineData("{service: shop.Cart, method: Get}", PathMatchKind.Exact, "/shop.Cart/Get")]
    [InlineData("{service: shop.Cart}", PathMatchKind.Prefix, "/shop.Cart")]
    [InlineData("{method: Get}", PathMatchKind.Regex, "/[^/]+/Get")]
    [InlineData("{type: RegularExpression, service: \"shop\\\\..*\"}", PathMatchKind.Regex, "/(?:shop\\..*)/[^/]+")]
    public void A_call_is_matched_by_its_path(string method, PathMatchKind kind, string path)
    {
        var route = Decoded.Only<RouteConfig>(Grpc($"matches: [{{method: {method}}}]"));
        Assert.Equal((RouteKind.Grpc, new PathMatch(kind, path)), (route.Kind, route.Rules[0].Matches[0].Path));
    }

    [Theory]
    [InlineData("matches: [{method: {}}]", "7:24 error WEFT1012")]
    [InlineData("matches: [{method: {service: a/b}}]", "7:34 error WEFT1106")]
    [InlineData("filters: [{type: URLRewrite, urlRewrite: {}}]", "")]
    public void A_mistake_in_a_grpc_route_is_found_where_it_stands(string rule, string expected) =>
        Assert.Equal(expected, Decoded.Findings(Grpc(rule)));

    [Fact]
    public void Too_many_matches_are_refused()
    {
        var matches = new StringBuilder("matches: [");
        for (var i = 0; i < 129; i++)
        {
            matches.Append("{method: {service: a}}, ");
        }

        Assert.Equal("7:5 error WEFT1113", Decoded.Findings(Grpc(matches.Append(']').ToString())));
    }

    private static string Grpc(string rule) => Decoded.Document(
        Api, "GRPCRoute", $"parentRefs: [{{name: edge}}]\nrules:\n- {rule}\n  backendRefs: [{{name: c}}]");
}
