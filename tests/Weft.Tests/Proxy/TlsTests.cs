using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using Envoy.Config.Listener.V3;
using Envoy.Extensions.Filters.Network.HttpConnectionManager.V3;
using Weft.Proxy;
using Weft.Xds;

namespace Weft.Tests.Proxy;

/// <summary>Connections with TLS that end at the proxy.</summary>
public sealed class TlsTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("a.example.com", "a.example.com", "a")]
    [InlineData("A.Example.COM", "a.example.com", "a")]
    [InlineData("b.example.com", "*.example.com", "all")]
    [InlineData("x.y.example.com", "*.example.com", "all")]
    [InlineData("xn--bcher-kva.example", "xn--bcher-kva.example", "book")]
    public async Task The_name_chooses_certificate_and_routes(string name, string certificate, string answer)
    {
        await using var mesh = await StartAsync(
            Chain("a", "a.example.com"), Chain("all", "*.example.com"), Chain("book", "xn--bcher-kva.example"));
        var (body, subject, version) = await GetAsync(mesh, name, HttpVersion.Version20);
        Assert.Equal((answer, $"CN={certificate}", HttpVersion.Version20), (body, subject, version));
        Assert.Equal(HttpVersion.Version11, (await GetAsync(mesh, name, HttpVersion.Version11)).Version);
    }

    [Fact]
    public async Task A_name_that_nothing_is_for_gets_no_handshake_unless_a_chain_is_for_all_others()
    {
        await using var mesh = await StartAsync(Chain("a", "a.example.com"));
        await AssertNoHandshakeAsync(mesh, "example.com");
        await AssertNoHandshakeAsync(mesh, "other");
        Assert.Contains(
            "envoy_listener_no_filter_chain_match{envoy_listener_address=\"l\"} 2", (await mesh.AdminAsync("/stats/prometheus")).Body,
            StringComparison.Ordinal);
        Assert.Equal("a", (await GetAsync(mesh, "a.example.com", HttpVersion.Version11)).Body);

        await using var other = await StartAsync(Chain("a", "a.example.com"), Chain("others"));
        Assert.Equal("others", (await GetAsync(other, "example.com", HttpVersion.Version11)).Body);
    }

    [Fact]
    public async Task The_default_chain_takes_what_no_other_does()
    {
        await using var mesh = await Mesh.StartAsync();
        using var certificate = Certificates.For("any");
        var listener = Chain("a", "a.example.com").Listener;
        listener.DefaultFilterChain = Chain("others").Listener.FilterChains[0];
        mesh.Plane.Apply(listener, Resources.Secret("cert-a", certificate), Resources.Secret("cert-others", certificate));
        await mesh.UntilAsync(s => s.Ready && s.Listeners.Length == 1);
        Assert.Equal("a", (await GetAsync(mesh, "a.example.com", HttpVersion.Version11)).Body);
        Assert.Equal("others", (await GetAsync(mesh, "b.example.com", HttpVersion.Version11)).Body);
    }

    [Fact]
    public async Task A_new_certificate_is_shown_to_new_connections_and_the_old_ones_stay_open()
    {
        await using var mesh = await StartAsync(Chain("a", "a.example.com"));
        using var handler = Handler(mesh, out var seen);
        using var http = new HttpClient(handler);
        Assert.Equal("a", await http.GetStringAsync(Secure("a.example.com"), Cancellation));

        using var renewed = Certificates.For("renewed.example.com");
        await mesh.InUseAsync(TypeUrl.Secret, "cert-a", mesh.Plane.Apply(Resources.Secret("cert-a", renewed)));
        Assert.Equal("CN=renewed.example.com", (await GetAsync(mesh, "a.example.com", HttpVersion.Version11)).Subject);
        Assert.Equal("a", await http.GetStringAsync(Secure("a.example.com"), Cancellation));
        Assert.Single(seen);
    }

    [Fact]
    public async Task A_bad_certificate_is_refused_with_its_place_and_the_former_stays()
    {
        await using var mesh = await StartAsync(Chain("a", "a.example.com"));
        using var certificate = Certificates.For("a.example.com");
        var bad = Resources.Secret("cert-a", certificate);
        bad.TlsCertificate.PrivateKey.InlineString = "no key";
        mesh.Plane.Apply(bad);
        var nack = await mesh.Plane.Nacks.Reader.ReadAsync(Cancellation);
        Assert.Equal(TypeUrl.Secret, nack.TypeUrl);
        Assert.StartsWith("cert-a: tls_certificate: ", nack.ErrorDetail.Message, StringComparison.Ordinal);
        Assert.Equal("a", (await GetAsync(mesh, "a.example.com", HttpVersion.Version11)).Body);
    }

    [Fact]
    public async Task A_connection_for_a_name_that_is_gone_is_told_to_come_anew()
    {
        await using var mesh = await StartAsync(Chain("a", "a.example.com"), Chain("others"));
        using var handler = Handler(mesh, out var seen);
        using var http = new HttpClient(handler);
        Assert.Equal("a", await http.GetStringAsync(Secure("a.example.com"), Cancellation));
        await mesh.InUseAsync(TypeUrl.Listener, "l", mesh.Plane.Apply(Chain("others").Listener));
        using (var gone = await http.GetAsync(Secure("a.example.com"), Cancellation))
        {
            Assert.Equal(HttpStatusCode.MisdirectedRequest, gone.StatusCode);
        }

        Assert.Equal("others", await http.GetStringAsync(Secure("a.example.com"), Cancellation));
        Assert.Equal(2, seen.Count);
    }

    [Fact]
    public async Task Whoever_does_not_finish_the_handshake_is_cut_off()
    {
        await using var mesh = await StartAsync(
            s => s with { HandshakeTimeout = TimeSpan.FromMilliseconds(200) }, Chain("a", "a.example.com"));
        byte[][] beginnings = [[], [0x16], [0x16, 3, 1, 0x40, 0, 1, 0, 0xFF, 0xFF], "GET / HTTP/1.1\r\n\r\n"u8.ToArray()];
        foreach (var beginning in beginnings)
        {
            using var caller = new TcpClient();
            await caller.ConnectAsync(mesh.AddressOf(), Cancellation);
            await caller.GetStream().WriteAsync(beginning, Cancellation);
            await EndOfAsync(caller.GetStream());
        }

        Assert.Equal("a", (await GetAsync(mesh, "a.example.com", HttpVersion.Version11)).Body);
    }

    [Fact]
    public async Task Versions_before_TLS_1_2_are_not_spoken()
    {
        await using var mesh = await StartAsync(Chain("a", "a.example.com"));
#pragma warning disable CA5397, CA5398, SYSLIB0039 // The old version is what must be refused.
        await AssertNoHandshakeAsync(mesh, "a.example.com", SslProtocols.Tls11);
#pragma warning restore CA5397, CA5398, SYSLIB0039
        await AssertHandshakeAsync(mesh, SslProtocols.Tls12);
        await AssertHandshakeAsync(mesh, SslProtocols.Tls13);
    }

    private static async Task AssertHandshakeAsync(Mesh mesh, SslProtocols version)
    {
        await using var stream = await ConnectAsync(mesh);
        await stream.AuthenticateAsClientAsync(Options("a.example.com", version), Cancellation);
        Assert.Equal(version, stream.SslProtocol);
    }

    private static async Task AssertNoHandshakeAsync(Mesh mesh, string name, SslProtocols version = SslProtocols.None)
    {
        await using var stream = await ConnectAsync(mesh);
        var failure = await Record.ExceptionAsync(() => stream.AuthenticateAsClientAsync(Options(name, version), Cancellation));
        Assert.True(failure is AuthenticationException or IOException, failure?.ToString());
    }

    private static async Task<SslStream> ConnectAsync(Mesh mesh) => new(await DialAsync(mesh));

    private static async Task<NetworkStream> DialAsync(Mesh mesh)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(mesh.AddressOf(), Cancellation);
        return new(socket, ownsSocket: true);
    }

    private static SslClientAuthenticationOptions Options(string name, SslProtocols version) => new()
    {
        TargetHost = name,
        EnabledSslProtocols = version,
        RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is not null,
    };

    private static async Task EndOfAsync(Stream stream)
    {
        try
        {
            await stream.CopyToAsync(Stream.Null, Cancellation);
        }
        catch (IOException)
        {
            // A reset is an end as well.
        }
    }

    private static Uri Secure(string name) => new($"https://{name}/");

    private static SocketsHttpHandler Handler(Mesh mesh, out List<string> seen)
    {
        var subjects = seen = [];
        return new()
        {
            ConnectCallback = async (_, _) => await DialAsync(mesh),
            SslOptions = new()
            {
                RemoteCertificateValidationCallback = (_, certificate, _, _) =>
                {
                    subjects.Add(certificate!.Subject);
                    return subjects.Count > 0;
                },
            },
        };
    }

    private static async Task<(string Body, string Subject, Version Version)> GetAsync(Mesh mesh, string name, Version version)
    {
        using var handler = Handler(mesh, out var seen);
        using var http = new HttpClient(handler);
        using var request = new HttpRequestMessage(HttpMethod.Get, Secure(name))
        {
            Version = version,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        using var response = await http.SendAsync(request, Cancellation);
        return (await response.Content.ReadAsStringAsync(Cancellation), Assert.Single(seen), response.Version);
    }

    /// <summary>A listener with one chain that answers <paramref name="name"/>.</summary>
    private static (string Name, Listener Listener) Chain(string name, params string[] hosts) => (name, Resources.Secured(
        Resources.Listener("l", new HttpConnectionManager { RouteConfig = Resources.Routes(name, Resources.Answer(name)) }),
        $"cert-{name}", hosts));

    private static Task<Mesh> StartAsync(params (string Name, Listener Listener)[] chains) => StartAsync(s => s, chains);

    private static async Task<Mesh> StartAsync(
        Func<ProxySettings, ProxySettings> change, params (string Name, Listener Listener)[] chains)
    {
        var mesh = await Mesh.StartAsync(change: change);
        var listener = chains[0].Listener;
        listener.FilterChains.Add(chains.Skip(1).Select(c => c.Listener.FilterChains[0]));
        foreach (var (name, chain) in chains)
        {
            using var certificate = Certificates.For(HostOf(chain) ?? "any");
            mesh.Plane.Apply(Resources.Secret($"cert-{name}", certificate));
        }

        mesh.Plane.Apply(listener);
        await mesh.UntilAsync(s => s.Ready && s.Listeners.Length == 1);
        return mesh;
    }

    private static string? HostOf(Listener listener) => listener.FilterChains[0].FilterChainMatch.ServerNames.FirstOrDefault();
}
