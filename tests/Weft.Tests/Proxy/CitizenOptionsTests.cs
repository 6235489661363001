using System.Net;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Weft.Proxy;

namespace Weft.Tests.Proxy;

/// <summary>Where an application's mesh options come from.</summary>
public sealed class CitizenOptionsTests
{
    [Fact]
    public void The_environment_goes_before_the_section_and_that_before_the_program()
    {
        var code = new WeftProxyOptions { Node = "code.shop", ReadyTimeout = TimeSpan.FromSeconds(1), OutboundListener = "mine" };
        var read = Read(
            code,
            ("Weft:Node", "section.shop"), ("WEFT_NODE", "environment.shop"), ("WEFT_XDS", "127.0.0.1:19000"),
            ("Weft:ReadyTimeout", "00:00:07"), ("Weft:Admin", "127.0.0.1:15001"));
        Assert.Equal("environment.shop", read.Node);
        Assert.Equal(new Uri("http://127.0.0.1:19000"), read.ControlPlane);
        Assert.Equal(TimeSpan.FromSeconds(7), read.ReadyTimeout);
        Assert.Equal(IPEndPoint.Parse("127.0.0.1:15001"), read.Admin);
        Assert.Equal("mine", read.OutboundListener);
        Assert.Equal(TimeSpan.FromSeconds(10), read.DrainTimeout);
        Assert.Equal("section.shop", Read(code, ("Weft:Node", "section.shop")).Node);
    }

    [Fact]
    public void All_that_is_wrong_is_told_at_once_with_the_settings_name()
    {
        var failure = Assert.Throws<OptionsValidationException>(() => Read(
            new() { Admin = new(IPAddress.Any, 80), ReadyTimeout = TimeSpan.Zero, ControlPlane = new("ftp://here") }));
        Assert.Equal(4, failure.Failures.Count());
        Assert.All(
            failure.Failures.Zip(["WEFT_NODE", "WEFT_XDS", "Weft:Admin", "Weft:ReadyTimeout"]),
            f => Assert.Contains(f.Second, f.First, StringComparison.Ordinal));
    }

    [Fact]
    public void Credentials_are_read_as_the_others_are()
    {
        var code = new WeftProxyOptions { Node = "a", CaFile = "code.pem", KeyFile = "code.key" };
        var read = Read(
            code, ("WEFT_XDS", "https://10.0.0.1:18000"), ("WEFT_CA_FILE", "ca.pem"), ("Weft:CertificateFile", "tls.crt"),
            ("Weft:TokenFile", "token"));
        Assert.Equal(("ca.pem", "tls.crt", "code.key", "token"), (read.CaFile, read.CertificateFile, read.KeyFile, read.TokenFile));
    }

    [Theory]
    [InlineData("https://a:1", "tls.crt", null, null, null, "WEFT_KEY_FILE")]
    [InlineData("http://127.0.0.1:1", null, null, "ca.pem", null, "write https")]
    [InlineData("http://10.0.0.1:1", null, null, null, "token", "could be read by others")]
    public void Credentials_that_do_not_fit_are_told(
        string server, string? certificate, string? key, string? ca, string? token, string says)
    {
        var failure = Assert.Throws<OptionsValidationException>(() => Read(new()
        {
            Node = "a",
            ControlPlane = new(server),
            CertificateFile = certificate,
            KeyFile = key,
            CaFile = ca,
            TokenFile = token,
        }));
        Assert.Contains(says, Assert.Single(failure.Failures), StringComparison.Ordinal);
    }

    [Fact]
    public void A_value_that_cannot_be_read_names_its_key()
    {
        var failure = Assert.Throws<FormatException>(() => Read(new() { Node = "a" }, ("Weft:ReadyTimeout", "soon")));
        Assert.StartsWith("Weft:ReadyTimeout is 'soon'.", failure.Message, StringComparison.Ordinal);
    }

    private static WeftProxyOptions Read(WeftProxyOptions code, params (string Key, string Value)[] configuration)
    {
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder()
            .AddInMemoryCollection(configuration.Select(c => KeyValuePair.Create(c.Key, (string?)c.Value))).Build());
        services.AddWeftProxy(code);
        using var provider = services.BuildServiceProvider();
        return provider.GetRequiredService<IOptions<WeftProxyOptions>>().Value;
    }
}
