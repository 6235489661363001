using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Weft.EndToEnd.Tests.Stage;
using Weft.Testing;

namespace Weft.EndToEnd.Tests;

/// <summary>A control plane that listens for other machines: TLS, certificates and tokens, with real clients.</summary>
public sealed class SecurityTests : IAsyncDisposable
{
    private const string Token = "6f1c0d7e9b2a4c58";
    private const string AdminToken = "an-admin-of-the-mesh";
    private const string Node = "client.shop";

    private readonly TempFolder _folder = new();
    private readonly Authority _authority = new();
    private readonly WeftRun _control;

    public SecurityTests()
    {
        Authority.Write(_folder, "tls", _authority.Server("first"));
        Authority.Write(_folder, "client", _authority.Client("spiffe://mesh/ns/shop/sa/client"));
        _folder.Write("ca.pem", _authority.Pem);
        _folder.Write("token", Token);
        Grant($"{Token}: {Node}");
        _control = new WeftRun
        {
            IsOpen = true,
            Options =
            [
                "--tls-cert", _folder.PathOf("tls.crt"), "--tls-key", _folder.PathOf("tls.key"),
                "--client-ca", _folder.PathOf("ca.pem"), "--token-file", _folder.PathOf("tokens"),
            ],
        };
        _control.Manifests.Write("echo.yaml", Manifest.Service("echo", portName: "grpc"));
        _control.Manifests.Write("client.yaml", Manifest.Workload("client", null, outbound: FreePorts.Next()));
    }

    private static CancellationToken Test => TestContext.Current.CancellationToken;

    private string[] ByCertificate =>
        ["--xds-ca", _folder.PathOf("ca.pem"), "--tls-cert", _folder.PathOf("client.crt"), "--tls-key", _folder.PathOf("client.key")];

    private string[] ByToken => ["--xds-ca", _folder.PathOf("ca.pem"), "--token-file", _folder.PathOf("token")];

    [Theory, EachDataPlane]
    public async Task A_proxy_with_a_certificate_of_its_workload_gets_its_configuration(DataPlaneKind kind)
    {
        await _control.StartAsync();
        await using var proxy = await ProxyAsync(kind, ByCertificate);
        await _control.SyncedAsync(Node);
    }

    [Theory, EachDataPlane]
    public async Task A_proxy_with_a_token_gets_its_configuration_until_the_token_is_revoked(DataPlaneKind kind)
    {
        await _control.StartAsync();
        await using var proxy = await ProxyAsync(kind, ByToken);
        await _control.SyncedAsync(Node);
        Grant("another-token-of-length: other.shop");
        await _control.Process.WaitForLineAsync("is refused (Unauthenticated): The token is not known here (any more).");
        await _control.NodeAsync(Node, p => p.State == "disconnected");
        Grant($"{Token}: {Node}");
        await _control.SyncedAsync(Node);
    }

    [Theory, EachDataPlane]
    public async Task A_proxy_with_a_certificate_of_another_workload_is_refused(DataPlaneKind kind)
    {
        Authority.Write(_folder, "client", _authority.Client("spiffe://mesh/ns/shop/sa/other"));
        await _control.StartAsync();
        await using var proxy = await ProxyAsync(kind, ByCertificate);
        await _control.Process.WaitForLineAsync(
            "is refused (PermissionDenied): spiffe://mesh/ns/shop/sa/other may not be node 'client.shop', only other.shop, other-*.shop.");
    }

    [Fact]
    public async Task An_Envoy_with_a_certificate_of_another_authority_does_not_get_through_the_handshake()
    {
        using var stranger = new Authority();
        Authority.Write(_folder, "client", stranger.Client("spiffe://mesh/ns/shop/sa/client"));
        await _control.StartAsync();
        await using var envoy = await ProxyAsync(DataPlaneKind.Envoy, ByCertificate);
        await Eventually.GetAsync(
            "Envoy has lost two connections, and is without", async _ => await envoy.StatsAsync(),
            // While it tries again it calls itself connected, until the handshake fails.
            stats => stats["cluster.weft-xds.upstream_cx_destroy"] + stats["cluster.weft-xds.upstream_cx_connect_fail"] >= 2
                && stats["control_plane.connected_state"] == 0,
            cancellation: Test);
        Assert.Empty((await _control.StatusAsync()).Proxies);
    }

    [Fact]
    public async Task An_Envoy_does_not_speak_to_a_control_plane_of_another_authority()
    {
        using var stranger = new Authority();
        await _control.StartAsync();
        _folder.Write("other-ca.pem", stranger.Pem);
        await using var envoy = await ProxyAsync(
            DataPlaneKind.Envoy, "--xds-ca", _folder.PathOf("other-ca.pem"), "--token-file", _folder.PathOf("token"));
        await Eventually.GetAsync(
            "Envoy believes no certificate of it", async _ => await envoy.StatsAsync(),
            stats => stats["cluster.weft-xds.ssl.fail_verify_error"] >= 1, cancellation: Test);
        Assert.Empty((await _control.StatusAsync()).Proxies);
    }

    [Fact]
    public async Task A_gRPC_application_finds_its_services_by_mutual_TLS()
    {
        var port = FreePorts.Next();
        await using var server = ChildProcess.Start(Peers.Require("echoserver"), ["-port", $"{port}", "-name", "a"]);
        await Eventually.ListensAsync(port);
        _control.Manifests.Write("a.yaml", Manifest.Workload("a", "echo", port));
        await _control.StartAsync();
        _folder.Write("xds.json", await WeftProgram.OutputAsync(
            ["bootstrap", "grpc", "--node", Node, "--xds", _control.Xds, .. ByCertificate]));
        await using var client = ChildProcess.Start(
            Peers.Require("xdscall"), ["-json", "-n", "100", "-c", "2", "xds:///echo"],
            new Dictionary<string, string?> { ["GRPC_XDS_BOOTSTRAP"] = _folder.PathOf("xds.json") });
        await client.WaitForExitAsync();
        var summary = JsonNode.Parse(await client.WaitForLineAsync("\"total_ms\""))!;
        Assert.Equal(("{}", 100), (summary["errors"]!.ToJsonString(), summary["ok"]!.GetValue<int>()));
    }

    [Theory, EachDataPlane]
    public async Task A_new_certificate_is_for_new_connections_and_cuts_no_stream(DataPlaneKind kind)
    {
        await _control.StartAsync();
        await using var proxy = await ProxyAsync(kind, ByCertificate);
        await _control.SyncedAsync(Node);
        var before = Assert.Single((await _control.StatusAsync()).Proxies);
        // First a bad one, which changes nothing.
        _folder.Write("tls.crt", "no certificate");
        await _control.Process.WaitForLineAsync("WEFT5002");
        Assert.Equal("CN=first", await SubjectAsync());
        Authority.Write(_folder, "tls", _authority.Server("second"));
        await Eventually.GetAsync("the new certificate is shown", _ => SubjectAsync(), s => s == "CN=second", cancellation: Test);
        _control.Manifests.Write("more.yaml", Manifest.Service("more", portName: "http"));
        await _control.NodeAsync(Node, p => p.State == "synced" && p.Types["cds"].Version != before.Types["cds"].Version);
        var after = Assert.Single((await _control.StatusAsync()).Proxies);
        Assert.Equal((before.Peer, before.ConnectedAt), (after.Peer, after.ConnectedAt));
    }

    [Fact]
    public async Task A_client_authority_that_is_replaced_ends_the_streams_of_its_clients()
    {
        using var next = new Authority();
        await _control.StartAsync();
        await using var proxy = await ProxyAsync(DataPlaneKind.Embedded, ByCertificate);
        await _control.SyncedAsync(Node);
        _folder.Write("ca.pem", next.Pem);
        await _control.Process.WaitForLineAsync("no authority of ours has signed it");
        await _control.NodeAsync(Node, p => p.State == "disconnected");
    }

    [Theory]
    [InlineData("--xds", "--client-ca or --token-file")]
    [InlineData("--admin", "--client-ca or --token-file")]
    public async Task A_listener_off_loopback_without_TLS_and_credentials_is_wrong_usage(string option, string fix)
    {
        foreach (var with in new string[][] { [], ["--tls-cert", "a", "--tls-key", "b"], ["--token-file", "c"] })
        {
            var (code, output) = await WeftProgram.RunAsync(
                ["run", "--manifests", _control.Manifests.Path, option, "0.0.0.0:18000", .. with]);
            Assert.Equal(2, code);
            Assert.Contains(fix, output, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("belong together", "run", "--tls-cert", "a")]
    [InlineData("add --tls-cert", "run", "--client-ca", "a")]
    [InlineData("say with --xds-ca", "proxy", "--node", "a.b", "--xds", "10.0.0.1:18000")]
    [InlineData("say with --xds-ca", "bootstrap", "envoy", "--node", "a.b", "--xds", "10.0.0.1:18000")]
    [InlineData("say with --xds-ca", "bootstrap", "grpc", "--node", "a.b", "--tls-cert", "a", "--tls-key", "b")]
    [InlineData("not on loopback", "up", ".", "--xds", "10.0.0.1:18000")]
    public async Task Options_that_do_not_fit_are_wrong_usage(string says, params string[] command)
    {
        var (code, output) = await WeftProgram.RunAsync(command);
        Assert.Equal(2, code);
        Assert.Contains(says, output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Credentials_that_are_bad_at_the_start_end_the_program()
    {
        _folder.Write("ca.pem", "none");
        var (code, output) = await WeftProgram.RunAsync(["run", "--manifests", _control.Manifests.Path, .. _control.Options]);
        Assert.Equal(1, code);
        Assert.Contains($"{_folder.PathOf("ca.pem")}: error WEFT5003", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_admin_pages_for_other_machines_are_for_admins()
    {
        Grant($"{Token}: {Node}\n{AdminToken}: @admin");
        var port = FreePorts.Next();
        await using var weft = WeftProgram.Start(
        [
            "run", "--manifests", _control.Manifests.Path, "--xds", _control.Xds, "--admin", $"0.0.0.0:{port}", .. _control.Options,
        ]);
        using var http = new HttpClient(new SocketsHttpHandler
        {
            SslOptions = new() { CertificateChainPolicy = TrustOf(_authority) },
        });
        await Eventually.GetAsync(
            "it is ready", async stop => await StatusOf("/readyz", null, stop), code => code == HttpStatusCode.OK, cancellation: Test);
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusOf("/debug/status", null, Test));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusOf("/metrics", "of-another-mesh-0123", Test));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusOf("/debug/config", Token, Test));
        Assert.Equal(HttpStatusCode.OK, await StatusOf("/debug/status", AdminToken, Test));
        Assert.Equal(HttpStatusCode.OK, await StatusOf("/metrics", AdminToken, Test));

        _folder.Write("admin-token", AdminToken);
        await using var status = ChildProcess.Start(
            WeftProgram.Path, ["status", "--json", "--server", $"https://127.0.0.1:{port}"],
            new Dictionary<string, string?>
            {
                ["WEFT_CA_FILE"] = _folder.PathOf("ca.pem"),
                ["WEFT_TOKEN_FILE"] = _folder.PathOf("admin-token"),
            });
        Assert.Equal(0, await status.WaitForExitAsync());

        async Task<HttpStatusCode> StatusOf(string path, string? token, CancellationToken stop)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri($"https://127.0.0.1:{port}{path}"));
            request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
            using var response = await http.SendAsync(request, stop);
            return response.StatusCode;
        }
    }

    [Fact]
    public async Task The_admin_pages_are_not_on_the_xDS_listener_though_it_has_the_same_port()
    {
        var port = FreePorts.Next();
        await using var weft = WeftProgram.Start(
            "run", "--manifests", _control.Manifests.Path, "--xds", $"127.0.0.2:{port}", "--admin", $"127.0.0.1:{port}");
        using var http = new HttpClient { DefaultRequestVersion = HttpVersion.Version20, DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };
        await Eventually.AnswersAsync(new Uri($"http://127.0.0.1:{port}/readyz"), cancellation: Test);
        using var answer = await http.GetAsync(new Uri($"http://127.0.0.2:{port}/debug/status"), Test);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    public async ValueTask DisposeAsync()
    {
        await _control.DisposeAsync();
        _authority.Dispose();
        _folder.Dispose();
    }

    private static X509ChainPolicy TrustOf(Authority authority) => new()
    {
        TrustMode = X509ChainTrustMode.CustomRootTrust,
        CustomTrustStore = { X509Certificate2.CreateFromPem(authority.Pem) },
        RevocationMode = X509RevocationMode.NoCheck,
    };

    private void Grant(string lines) => _folder.Write("tokens", lines);

    private Task<DataPlane> ProxyAsync(DataPlaneKind kind, params string[] credentials) =>
        DataPlane.StartAsync(kind, _control, Node, credentials: credentials);

    // What a new connection is shown.
    private async Task<string> SubjectAsync()
    {
        using var caller = new TcpClient();
        await caller.ConnectAsync(IPEndPoint.Parse(_control.Xds), Test);
        await using var stream = new SslStream(caller.GetStream());
        await stream.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions
            {
                TargetHost = "127.0.0.1",
                CertificateChainPolicy = TrustOf(_authority),
                ApplicationProtocols = [SslApplicationProtocol.Http2],
            },
            Test);
        return stream.RemoteCertificate!.Subject;
    }
}
