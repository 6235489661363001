using System.Collections.Immutable;
using Weft.ControlPlane;
using Weft.Flow;
using Weft.Security;
using Weft.Xds;

namespace Weft.Tests.Security;

/// <summary>The lines of a token file.</summary>
public sealed class GrantTableTests
{
    private const string Token = "6f1c0d7e9b2a4c58";

    [Theory]
    [InlineData("client.shop", "client.shop", true)]
    [InlineData("client.shop", "client.other", false)]
    [InlineData("client.shop", "client-1.shop", false)]
    [InlineData("client*.shop", "client-1.shop", true)]
    [InlineData("*.shop", "anything.shop", true)]
    [InlineData("*.shop", "anything.shopping", false)]
    [InlineData("edge.*", "edge.a", true)]
    [InlineData("edge.*", "edges.a", false)]
    [InlineData("*", "a.b", true)]
    [InlineData("edge", "edge", true)]
    [InlineData("edge", "edge.default", true)]
    [InlineData("a.b.shop", "a.b.shop", true)]
    [InlineData("@admin", "client.shop", false)]
    [InlineData("a.x, b.y,c.z", "b.y", true)]
    public void A_token_may_be_the_nodes_of_its_line(string what, string node, bool may)
    {
        var grant = Read($"# a comment\n\n  {Token}: {what}\r\n")!.OfToken(Token)!;
        Assert.Equal(may, grant.Nodes.Any(p => p.Matches(NodeGroup.NameOf(node))));
        Assert.Equal(what == "@admin", grant.IsAdmin);
    }

    [Fact]
    public void An_identity_has_a_line_too()
    {
        var table = Read("spiffe://mesh/ns/ops/sa/console: @admin, *.shop")!;
        var grant = table.OfIdentity(new SpiffeId("mesh", "ops", "console"))!;
        Assert.True(grant.IsAdmin);
        Assert.Equal("*.shop", Assert.Single(grant.Nodes).ToString());
        Assert.Null(table.OfIdentity(new SpiffeId("mesh", "ops", "other")));
        // The text of an identity is no token.
        Assert.Null(table.OfToken("spiffe://mesh/ns/ops/sa/console"));
    }

    [Theory]
    [InlineData("6f1c0d7e9b2a4c58 client.shop", "WEFT5004")]
    [InlineData("6f1c0d7e9b2a4c58:client.shop", "WEFT5004")]
    [InlineData(": client.shop", "WEFT5004")]
    [InlineData("spiffe://mesh/ops: client.shop", "WEFT5004")]
    [InlineData("short: client.shop", "WEFT5005")]
    [InlineData("6f1c0d7e9b2a4c58 6f: client.shop", "WEFT5005")]
    [InlineData("6f1c0d7e9b2a4c5ä: client.shop", "WEFT5005")]
    [InlineData("other-token-of-length: a.b\nother-token-of-length: a.c", "WEFT5006")]
    [InlineData("6f1c0d7e9b2a4c58:", "WEFT5007")]
    [InlineData("6f1c0d7e9b2a4c58: a.b,", "WEFT5007")]
    [InlineData("6f1c0d7e9b2a4c58: a*b.shop", "WEFT5007")]
    [InlineData("6f1c0d7e9b2a4c58: a.sh*", "WEFT5007")]
    [InlineData("6f1c0d7e9b2a4c58: @root", "WEFT5007")]
    public void A_mistake_is_told_with_its_line_and_without_the_token(string text, string code)
    {
        var errors = ImmutableArray.CreateBuilder<Diagnostic>();
        Assert.Null(GrantTable.Read("tokens", $"fine-token-of-length: x.y\n{text}", errors));
        var error = Assert.Single(errors);
        Assert.Equal(code, error.Code);
        Assert.Equal(text.Count(c => c == '\n') + 2, error.Where!.Line);
        Assert.NotNull(error.Fix);
        Assert.DoesNotContain(Token, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_for_messages_is_not_the_token()
    {
        Assert.Equal("the token of tokens:1", Read($"{Token}: a.b")!.OfToken(Token)!.Name);
    }

    private static GrantTable? Read(string text)
    {
        var errors = ImmutableArray.CreateBuilder<Diagnostic>();
        var table = GrantTable.Read("tokens", text, errors);
        Assert.Empty(errors);
        return table;
    }
}
