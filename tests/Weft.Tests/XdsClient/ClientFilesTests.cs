using Weft.Testing;
using Weft.Xds.Client;

namespace Weft.Tests.XdsClient;

/// <summary>The files by which a client proves itself.</summary>
public sealed class ClientFilesTests : IDisposable
{
    private readonly Authority _authority = new();
    private readonly TempFolder _folder = new();
    private readonly XdsClientCredentials _credentials;

    public ClientFilesTests()
    {
        _folder.Write("ca.pem", _authority.Pem);
        _folder.Write("token", " 6f1c0d7e9b2a4c58\n");
        Authority.Write(_folder, "tls", _authority.Client("spiffe://mesh/ns/shop/sa/client"));
        _credentials = new()
        {
            AuthorityFile = _folder.PathOf("ca.pem"),
            CertificateFile = _folder.PathOf("tls.crt"),
            KeyFile = _folder.PathOf("tls.key"),
            TokenFile = _folder.PathOf("token"),
        };
    }

    public void Dispose()
    {
        _authority.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void All_of_them_are_read()
    {
        var files = ClientFiles.Read(_credentials, out var error)!;
        Assert.Null(error);
        Assert.NotNull(files.Authorities);
        Assert.Equal("CN=client", files.Pair!.Leaf.Subject);
        Assert.Equal("6f1c0d7e9b2a4c58", files.Token);
        Assert.DoesNotContain(files.Token!, files.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_new_token_needs_no_new_connection_and_a_new_certificate_does()
    {
        var before = ClientFiles.Read(_credentials, out _)!;
        _folder.Write("token", "another-token-of-length");
        var token = ClientFiles.Read(_credentials, out _)!;
        Assert.True(token.IsSameChannel(before));
        Assert.Equal("another-token-of-length", token.Token);
        Authority.Write(_folder, "tls", _authority.Client("spiffe://mesh/ns/shop/sa/client"));
        Assert.False(ClientFiles.Read(_credentials, out _)!.IsSameChannel(before));
    }

    [Theory]
    [InlineData("ca.pem", "none")]
    [InlineData("tls.crt", "none")]
    [InlineData("token", "")]
    [InlineData("token", "two words")]
    public void A_bad_one_is_named(string file, string text)
    {
        _folder.Write(file, text);
        Assert.Null(ClientFiles.Read(_credentials, out var error));
        Assert.StartsWith($"{_folder.PathOf(file)}: ", error, StringComparison.Ordinal);
    }

    [Fact]
    public void One_that_is_not_there_is_named()
    {
        _folder.Delete("token");
        Assert.Null(ClientFiles.Read(_credentials, out var error));
        Assert.StartsWith($"{_folder.PathOf("token")} cannot be read", error, StringComparison.Ordinal);
    }
}
