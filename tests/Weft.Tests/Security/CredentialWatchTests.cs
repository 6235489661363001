using Weft.Commands;
using Weft.Security;
using Weft.Testing;

namespace Weft.Tests.Security;

/// <summary>The files of a control plane's credentials, which change.</summary>
public sealed class CredentialWatchTests : IDisposable
{
    private const string Token = "6f1c0d7e9b2a4c58";

    private readonly Authority _authority = new();
    private readonly TempFolder _folder = new();

    public CredentialWatchTests()
    {
        Authority.Write(_folder, "tls", _authority.Server("first"));
        _folder.Write("ca.pem", _authority.Pem);
        _folder.Write("tokens", $"{Token}: client.shop");
    }

    public void Dispose()
    {
        _authority.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void A_bad_pair_keeps_the_last_good_one_and_is_told_once()
    {
        var watch = Open();
        var second = _authority.Server("second");
        // Half of a renewal.
        _folder.Write("tls.crt", second.Certificate);
        var error = Assert.Single(watch.Look());
        Assert.Equal(("WEFT5002", _folder.PathOf("tls.crt")), (error.Code, error.Where!.File));
        Assert.NotNull(error.Fix);
        Assert.Empty(watch.Look());
        Assert.Equal("CN=first", watch.InForce.Value.Pair!.Leaf.Subject);
        _folder.Write("tls.key", second.Key);
        Assert.Empty(watch.Look());
        Assert.Equal("CN=second", watch.InForce.Value.Pair!.Leaf.Subject);
    }

    [Theory]
    [InlineData("ca.pem", "none", "WEFT5003")]
    [InlineData("tokens", "none", "WEFT5004")]
    public void Another_bad_file_keeps_what_was_good_of_it_and_takes_what_is_new_beside_it(string file, string text, string code)
    {
        var watch = Open();
        var before = watch.InForce.Value;
        _folder.Write(file, text);
        Authority.Write(_folder, "tls", _authority.Server("second"));
        Assert.Equal(code, Assert.Single(watch.Look()).Code);
        Assert.Equal("CN=second", watch.InForce.Value.Pair!.Leaf.Subject);
        Assert.Same(before.Authorities, watch.InForce.Value.Authorities);
        Assert.Same(before.Grants, watch.InForce.Value.Grants);
    }

    [Fact]
    public void A_certificate_that_is_no_root_leads_to_no_client()
    {
        var watch = Open();
        _folder.Write("ca.pem", _authority.Client("spiffe://mesh/ns/a/sa/b").Certificate);
        Assert.Contains("no root", Assert.Single(watch.Look()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_gone_is_told_once_and_what_was_in_it_stays()
    {
        var watch = Open();
        _folder.Delete("tokens");
        Assert.Equal("WEFT5001", Assert.Single(watch.Look()).Code);
        Assert.Empty(watch.Look());
        Assert.NotNull(watch.InForce.Value.Grants!.OfToken(Token));
        var replaced = watch.InForce.Current.Replaced;
        _folder.Write("tokens", "another-token-of-length: client.shop");
        Assert.Empty(watch.Look());
        Assert.True(replaced.IsCompleted);
        Assert.Null(watch.InForce.Value.Grants!.OfToken(Token));
    }

    [Fact]
    public void Equal_content_is_no_change()
    {
        var watch = Open();
        var before = watch.InForce.Value;
        _folder.Write("tokens", $"{Token}: client.shop");
        Assert.Empty(watch.Look());
        Assert.Same(before, watch.InForce.Value);
    }

    [Fact]
    public void At_the_start_a_bad_file_is_an_error_that_names_it()
    {
        _folder.Delete("ca.pem");
        _folder.Write("tokens", "x: y");
        var error = Assert.Throws<CommandException>(Open);
        Assert.Contains(_folder.PathOf("ca.pem"), error.Message, StringComparison.Ordinal);
        Assert.Contains($"{_folder.PathOf("tokens")}:1:1: error WEFT5005", error.Message, StringComparison.Ordinal);
    }

    private CredentialWatch Open() => CredentialWatch.Open(
        new(_folder.PathOf("tls.crt"), _folder.PathOf("tls.key"), _folder.PathOf("ca.pem"), _folder.PathOf("tokens")),
        TimeProvider.System);
}
