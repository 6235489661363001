using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Weft.EndToEnd.Tests.Stage;
using Weft.Testing;

namespace Weft.EndToEnd.Tests;

/// <summary>Requests that enter the mesh by a gateway.</summary>
public sealed class GatewayTests : IAsyncDisposable
{
    private readonly WeftRun _control = new();
    private readonly List<Application> _applications = [];
    private readonly (int Http, int Https) _ports = (FreePorts.Next(), FreePorts.Next());
    private DataPlane? _gateway;

    [Theory, EachDataPlane]
    public async Task Hosts_lead_to_their_routes_and_others_to_404(DataPlaneKind kind)
    {
        await StartAsync(kind, Gateway(Listener("http", _ports.Http, "HTTP", "*.example.com"))
            + Route("a", "a.example.com", "backendRefs: [{name: a, port: 80}]")
            + Route("all", "'*.example.com'", "backendRefs: [{name: b, port: 80}]")
            + Route("moved", "moved.example.com", "filters: [{type: RequestRedirect, requestRedirect: {scheme: https}}]"));
        using var caller = new Caller(_ports.Http);
        await caller.AnswersAsync("a.example.com", answer => answer.Body == "a");
        Assert.Equal("a", (await caller.GetAsync("a.example.com:8080", "/x")).Body);
        Assert.Equal("b", (await caller.GetAsync("x.y.example.com")).Body);
        Assert.Equal(HttpStatusCode.NotFound, (await caller.GetAsync("example.com")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await caller.GetAsync("a.example.org")).Status);
        Assert.Equal(HttpStatusCode.Redirect, (await caller.GetAsync("moved.example.com")).Status);
        using var moved = await caller.SendAsync("moved.example.com", new("", "GET", "/x?q=1", [], "", []));
        Assert.Equal("https://moved.example.com/x?q=1", moved.Headers.Location?.OriginalString);
    }

    [Theory, EachDataPlane]
    public async Task TLS_ends_at_the_gateway_with_the_certificate_of_the_host_and_a_new_one_takes_its_place(DataPlaneKind kind)
    {
        using var first = Certificate("a.example.com");
        await StartAsync(kind, Gateway(
                Listener("a", _ports.Https, "HTTPS", "a.example.com", "cert-a"), Listener("b", _ports.Https, "HTTPS", "b.example.com", "cert-b"))
            + Route("a", "a.example.com", "backendRefs: [{name: a, port: 80}]")
            + Route("b", "b.example.com", "backendRefs: [{name: b, port: 80}]")
            + Secret("cert-b", Certificate("b.example.com")));
        _control.Manifests.Write("cert-a.yaml", Secret("cert-a", first));
        Assert.Equal(("a", first.Thumbprint), await Eventually.GetAsync(
            "an answer of a", _ => GetAsync("a.example.com"), answer => answer.Body == "a", cancellation: TestContext.Current.CancellationToken));
        Assert.Equal("b", (await GetAsync("b.example.com")).Body);

        using var second = Certificate("a.example.com");
        _control.Manifests.Write("cert-a.yaml", Secret("cert-a", second));
        Assert.Equal("a", (await Eventually.GetAsync(
            "the new certificate", _ => GetAsync("a.example.com"), answer => answer.Thumbprint == second.Thumbprint,
            cancellation: TestContext.Current.CancellationToken)).Body);
    }

    public async ValueTask DisposeAsync()
    {
        await (_gateway?.DisposeAsync() ?? default);
        await _control.DisposeAsync();
        foreach (var application in _applications)
        {
            await application.DisposeAsync();
        }
    }

    private async Task StartAsync(DataPlaneKind kind, string manifests)
    {
        foreach (var name in new[] { "a", "b" })
        {
            var application = await Application.StartAsync(name);
            _applications.Add(application);
            _control.Manifests.Write($"{name}.yaml", Manifest.Served(application));
        }

        _control.Manifests.Write("edge.yaml", manifests);
        await _control.StartAsync();
        _gateway = await DataPlane.StartAsync(kind, _control, "edge.shop", isGateway: true);
    }

    private async Task<(string Body, string? Thumbprint)> GetAsync(string host)
    {
        string? thumbprint = null;
        using var handler = new SocketsHttpHandler
        {
            SslOptions = new SslClientAuthenticationOptions
            {
                TargetHost = host,
                // A certificate of the test's own making, which no authority has signed: whose it is matters.
                RemoteCertificateValidationCallback = (_, certificate, _, _) =>
                {
                    thumbprint = ((X509Certificate2)certificate!).Thumbprint;
                    return certificate.Subject == $"CN={host}";
                },
            },
        };
        using var http = new HttpClient(handler);
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri($"https://127.0.0.1:{_ports.Https}/"));
        request.Headers.Host = host;
        using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
        return (await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), thumbprint);
    }

    private static X509Certificate2 Certificate(string host)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest($"CN={host}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }

    private static string Secret(string name, X509Certificate2 certificate) => $$"""
        apiVersion: v1
        kind: Secret
        metadata: {name: {{name}}, namespace: shop}
        type: kubernetes.io/tls
        stringData:
          tls.crt: |
        {{Indented(certificate.ExportCertificatePem())}}
          tls.key: |
        {{Indented(certificate.GetRSAPrivateKey()!.ExportPkcs8PrivateKeyPem())}}
        ---

        """;

    private static string Indented(string text) => string.Join('\n', text.Split('\n').Select(line => "    " + line));

    private static string Gateway(params IEnumerable<string> listeners) => $$"""
        apiVersion: gateway.networking.k8s.io/v1
        kind: Gateway
        metadata: {name: edge, namespace: shop}
        spec:
          gatewayClassName: weft
          listeners:
        {{string.Join('\n', listeners.Select(l => $"  - {l}"))}}
        ---

        """;

    private static string Listener(string name, int port, string protocol, string host, string? secret = null)
    {
        var tls = secret is null ? "" : $", tls: {{certificateRefs: [{{name: {secret}}}]}}";
        return $"{{name: {name}, port: {port}, protocol: {protocol}, hostname: \"{host}\"{tls}}}";
    }

    private static string Route(string name, string host, string rule) => $$"""
        apiVersion: gateway.networking.k8s.io/v1
        kind: HTTPRoute
        metadata: {name: {{name}}, namespace: shop}
        spec:
          parentRefs: [{name: edge}]
          hostnames: [{{host}}]
          rules:
          - {{rule}}
        ---

        """;
}
