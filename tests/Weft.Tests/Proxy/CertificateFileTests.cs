using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Envoy.Extensions.Filters.Network.HttpConnectionManager.V3;
using Envoy.Extensions.TransportSockets.Tls.V3;
using Google.Protobuf.WellKnownTypes;
using Microsoft.Extensions.Time.Testing;
using Weft.Proxy.Tls;

namespace Weft.Tests.Proxy;

/// <summary>Certificates in files that change, and what the admin pages show of keys.</summary>
public sealed class CertificateFileTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("weft-certificates-");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string ChainPath => Path.Combine(_folder.FullName, "tls.crt");

    private string KeyPath => Path.Combine(_folder.FullName, "tls.key");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void A_bad_pair_keeps_the_last_good_one_and_is_told_once()
    {
        using var first = Write("first");
        var certificate = ServerCertificate.Read("s", new(ChainPath, ""), new(KeyPath, ""), out var error)!;
        Assert.Null(error);
        Assert.False(certificate.TryRenew(out error));
        Assert.Null(error);

        // Half of the change is there: another certificate beside the former key.
        using var second = Certificates.For("second");
        File.WriteAllText(ChainPath, second.ExportCertificatePem());
        Assert.False(certificate.TryRenew(out error));
        Assert.Contains("no pair that can be used", error, StringComparison.Ordinal);
        Assert.True(certificate.IsFor("first"));
        Assert.False(certificate.TryRenew(out error));
        Assert.Null(error);

        File.Delete(KeyPath);
        Assert.False(certificate.TryRenew(out error));
        Assert.Contains("cannot be read", error, StringComparison.Ordinal);
        Assert.False(certificate.TryRenew(out error));
        Assert.Null(error);

        File.WriteAllText(KeyPath, KeyOf(second));
        Assert.True(certificate.TryRenew(out error));
        Assert.Null(error);
        Assert.True(certificate.IsFor("second"));
    }

    [Fact]
    public void A_mounted_secret_that_changes_behind_its_links_is_seen()
    {
        var (former, newer) = (_folder.CreateSubdirectory("1"), _folder.CreateSubdirectory("2"));
        using var first = Write("first", former.FullName);
        using var second = Write("second", newer.FullName);
        var data = Path.Combine(_folder.FullName, "data");
        Directory.CreateSymbolicLink(data, former.FullName);
        File.CreateSymbolicLink(ChainPath, Path.Combine(data, "tls.crt"));
        File.CreateSymbolicLink(KeyPath, Path.Combine(data, "tls.key"));
        var certificate = ServerCertificate.Read("s", new(ChainPath, ""), new(KeyPath, ""), out _)!;
        Assert.True(certificate.IsFor("first"));
        Directory.Delete(data);
        Directory.CreateSymbolicLink(data, newer.FullName);
        Assert.True(certificate.TryRenew(out _));
        Assert.True(certificate.IsFor("second"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_new_pair_in_the_files_is_shown_to_new_connections(bool bySecret)
    {
        var time = new FakeTimeProvider();
        using var first = Write("first");
        await using var mesh = await StartAsync(time, bySecret);
        Assert.Equal("CN=first", await SubjectAsync(mesh));
        using var second = Write("second");
        // The proxy looks when its clock says so; each handshake shows what is in use by then.
        string subject;
        do
        {
            Cancellation.ThrowIfCancellationRequested();
            time.Advance(TimeSpan.FromSeconds(2));
            subject = await SubjectAsync(mesh);
        }
        while (subject == "CN=first");
        Assert.Equal("CN=second", subject);
    }

    [Fact]
    public async Task The_config_dump_tells_of_secrets_but_no_key()
    {
        await using var mesh = await Mesh.StartAsync();
        using var certificate = Certificates.For("a");
        var secret = Resources.Secret("s", certificate);
        var key = secret.TlsCertificate.PrivateKey.InlineString;
        var listener = Listener(secret.TlsCertificate);
        listener.FilterChains.Add(Resources.Secured(Resources.Listener("l", Manager()), "s", "b").FilterChains[0]);
        mesh.Plane.Apply(secret, listener);
        await mesh.UntilAsync(s => s.Ready && s.Listeners.Length == 1);

        var text = (await mesh.AdminAsync("/config_dump")).Body;
        using var dump = JsonDocument.Parse(text);
        var secrets = dump.RootElement.GetProperty("configs").EnumerateArray()
            .Single(c => c.GetProperty("@type").GetString()!.EndsWith(".SecretsConfigDump", StringComparison.Ordinal));
        var shown = Assert.Single(secrets.GetProperty("dynamic_active_secrets").EnumerateArray());
        Assert.Equal("s", shown.GetProperty("name").GetString());
        var pair = shown.GetProperty("secret").GetProperty("tls_certificate");
        Assert.Equal("[redacted]", pair.GetProperty("private_key").GetProperty("inline_string").GetString());
        Assert.Contains(
            "BEGIN CERTIFICATE", pair.GetProperty("certificate_chain").GetProperty("inline_string").GetString()!,
            StringComparison.Ordinal);
        Assert.DoesNotContain("PRIVATE KEY", text, StringComparison.Ordinal);
        Assert.DoesNotContain(key.Split('\n')[1], text, StringComparison.Ordinal);
        Assert.Equal(3, text.Split("[redacted]").Length);
        // What is shown was changed, and not what is in use.
        Assert.Equal("CN=a", await SubjectAsync(mesh));
    }

    private static HttpConnectionManager Manager() =>
        new() { RouteConfig = Resources.Routes("r", Resources.Answer("x")) };

    private static Envoy.Config.Listener.V3.Listener Listener(TlsCertificate certificate)
    {
        var listener = Resources.Listener("l", Manager());
        listener.FilterChains[0].TransportSocket = new()
        {
            Name = "envoy.transport_sockets.tls",
            TypedConfig = Any.Pack(new DownstreamTlsContext
            {
                CommonTlsContext = new() { TlsCertificates = { certificate } },
            }),
        };
        return listener;
    }

    private async Task<Mesh> StartAsync(TimeProvider time, bool bySecret)
    {
        var mesh = await Mesh.StartAsync(time);
        var pair = new TlsCertificate
        {
            CertificateChain = new() { Filename = ChainPath },
            PrivateKey = new() { Filename = KeyPath },
        };
        if (bySecret)
        {
            mesh.Plane.Apply(
                new Secret { Name = "s", TlsCertificate = pair },
                Resources.Secured(Resources.Listener("l", Manager()), "s"));
        }
        else
        {
            mesh.Plane.Apply(Listener(pair));
        }

        await mesh.UntilAsync(s => s.Ready && s.Listeners.Length == 1);
        return mesh;
    }

    private X509Certificate2 Write(string host, string? folder = null)
    {
        var certificate = Certificates.For(host);
        File.WriteAllText(Path.Combine(folder ?? _folder.FullName, "tls.crt"), certificate.ExportCertificatePem());
        File.WriteAllText(Path.Combine(folder ?? _folder.FullName, "tls.key"), KeyOf(certificate));
        return certificate;
    }

    private static string KeyOf(X509Certificate2 certificate) =>
        certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem();

    private static async Task<string> SubjectAsync(Mesh mesh)
    {
        using var caller = new TcpClient();
        await caller.ConnectAsync(mesh.AddressOf(), Cancellation);
        await using var stream = new SslStream(caller.GetStream());
        await stream.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions
            {
                TargetHost = "a",
                RemoteCertificateValidationCallback = (_, shown, _, _) => shown is not null,
            },
            Cancellation);
        return stream.RemoteCertificate!.Subject;
    }
}
