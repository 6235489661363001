using System.Collections.Immutable;
using System.Security.Cryptography.X509Certificates;
using Envoy.Config.Core.V3;
using Microsoft.Extensions.Time.Testing;
using Weft.ControlPlane;
using Weft.Flow;
using Weft.Model;
using Weft.Security;
using Weft.Testing;
using Weft.Translation;
using Weft.Xds;

namespace Weft.Tests.Security;

/// <summary>Who may be which node.</summary>
public sealed class MeshAuthorizerTests : IDisposable
{
    private const string Token = "6f1c0d7e9b2a4c58";
    private const string Admin = "an-admin-of-the-mesh";
    private const string Reviews = "spiffe://mesh/ns/shop/sa/reviews";

    private readonly Authority _authority = new();
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UtcNow);
    private readonly Latest<Credentials> _inForce;
    private readonly MeshAuthorizer _authorizer;

    public MeshAuthorizerTests()
    {
        _inForce = new(Known($"{Token}: client.shop\n{Admin}: @admin\nspiffe://mesh/ns/ops/sa/console: @admin"));
        _authorizer = new(_inForce, _time);
    }

    public void Dispose() => _authority.Dispose();

    [Theory]
    [InlineData("reviews.shop", AccessVerdict.Allowed)]
    [InlineData("reviews-v1.shop", AccessVerdict.Allowed)]
    [InlineData("reviewsx.shop", AccessVerdict.Denied)]
    [InlineData("reviews.other", AccessVerdict.Denied)]
    [InlineData("reviews.shop.other", AccessVerdict.Denied)]
    [InlineData("client.shop", AccessVerdict.Denied)]
    [InlineData("reviews", AccessVerdict.Denied)]
    [InlineData("", AccessVerdict.Denied)]
    public void A_certificate_may_be_the_workloads_of_its_account(string node, AccessVerdict verdict)
    {
        var decision = Decide(Shown(Reviews), new AccessClaim.Resources(Node(node)));
        Assert.Equal(verdict, decision.Verdict);
        if (verdict == AccessVerdict.Denied)
        {
            Assert.Equal($"{Reviews} may not be node '{node}', only reviews.shop, reviews-*.shop.", decision.Reason);
        }

        Assert.Equal(verdict, Decide(Shown(Reviews), new AccessClaim.Loads(Node(node))).Verdict);
    }

    [Fact]
    public void What_a_node_says_of_its_group_does_not_get_it_what_another_one_gets()
    {
        var other = NodeGroup.Metadata(new ProxyClass.Sidecar(new ObjectName("bank", "vault")), null);
        var decision = Decide(Shown(Reviews), new AccessClaim.Resources(new Node { Id = "reviews.shop", Metadata = other }));
        Assert.Equal(AccessVerdict.Denied, decision.Verdict);
        Assert.Contains("sidecar/vault.bank", decision.Reason, StringComparison.Ordinal);

        ProxyClass[] own = [
            new ProxyClass.Sidecar(new("shop", "reviews")), new ProxyClass.Gateway(new("shop", "reviews")), new ProxyClass.Grpc("shop")];
        Assert.All(own, proxy => Assert.Equal(AccessVerdict.Allowed, Decide(
            Shown(Reviews),
            new AccessClaim.Resources(new Node { Id = "reviews.shop", Metadata = NodeGroup.Metadata(proxy, null) })).Verdict));
    }

    [Fact]
    public void Without_credentials_nobody_comes_in_and_is_told_what_is_wanting()
    {
        var decision = Decide(ClientCredentials.None, AccessClaim.Entry.Instance);
        Assert.Equal(AccessVerdict.Unauthenticated, decision.Verdict);
        Assert.Contains("show a certificate of the client CA, or send", decision.Reason, StringComparison.Ordinal);
        _inForce.Set(new(null, null, _inForce.Value.Grants));
        Assert.StartsWith(
            "No credentials: send 'authorization: Bearer", Decide(ClientCredentials.None, AccessClaim.Entry.Instance).Reason, StringComparison.Ordinal);
        // A certificate counts for nothing where nobody is believed to sign one.
        Assert.Equal(AccessVerdict.Unauthenticated, Decide(Shown(Reviews), AccessClaim.Entry.Instance).Verdict);
    }

    [Fact]
    public void A_token_may_be_what_its_line_says_until_the_line_is_gone()
    {
        var shown = new ClientCredentials(null, [], Token);
        Assert.Equal(AccessVerdict.Allowed, Decide(shown, new AccessClaim.Resources(Node("client.shop"))).Verdict);
        var other = Decide(shown, new AccessClaim.Resources(Node("other.shop")));
        Assert.Equal((AccessVerdict.Denied, "the token of tokens:1 may not be node 'other.shop', only client.shop."), (other.Verdict, other.Reason));
        var changed = _authorizer.Changed;
        _inForce.Set(Known($"another-token-of-length: client.shop"));
        Assert.True(changed.IsCompleted);
        Assert.Equal(AccessVerdict.Unauthenticated, Decide(shown, new AccessClaim.Resources(Node("client.shop"))).Verdict);
    }

    [Fact]
    public void A_certificate_counts_until_it_expires_or_its_authority_is_no_longer_believed()
    {
        var shown = Shown(Reviews);
        Assert.Equal(AccessVerdict.Allowed, Decide(shown, AccessClaim.Entry.Instance).Verdict);
        using var other = new Authority();
        _inForce.Set(_inForce.Value with { Authorities = CertificateAuthorities.Read(other.Pem, out _) });
        Assert.Contains("no authority of ours", Decide(shown, AccessClaim.Entry.Instance).Reason, StringComparison.Ordinal);
        _inForce.Set(_inForce.Value with { Authorities = CertificateAuthorities.Read(other.Pem + _authority.Pem, out _) });
        Assert.Equal(AccessVerdict.Allowed, Decide(shown, AccessClaim.Entry.Instance).Verdict);
        _time.Advance(TimeSpan.FromDays(2));
        var late = Decide(shown, AccessClaim.Entry.Instance);
        Assert.Equal(AccessVerdict.Unauthenticated, late.Verdict);
        Assert.Contains("expired", late.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_certificate_of_a_server_is_none_of_a_client()
    {
        var decision = Decide(Shown(_authority.Server()), AccessClaim.Entry.Instance);
        Assert.Equal(AccessVerdict.Unauthenticated, decision.Verdict);
        Assert.Contains("not for clients", decision.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_certificate_without_an_identity_is_in_but_is_nobody()
    {
        var shown = Shown(_authority.Client(null));
        Assert.Equal(AccessVerdict.Allowed, Decide(shown, AccessClaim.Entry.Instance).Verdict);
        var decision = Decide(shown, new AccessClaim.Resources(Node("client.shop")));
        Assert.Equal(AccessVerdict.Denied, decision.Verdict);
        Assert.Contains("has 0 URIs", decision.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_token_and_a_certificate_give_adds_up()
    {
        var both = Shown(Reviews) with { Token = Token };
        Assert.Equal(AccessVerdict.Allowed, Decide(both, new AccessClaim.Resources(Node("reviews.shop"))).Verdict);
        Assert.Equal(AccessVerdict.Allowed, Decide(both, new AccessClaim.Resources(Node("client.shop"))).Verdict);
        // A bad token takes nothing away.
        Assert.Equal(
            AccessVerdict.Allowed,
            Decide(Shown(Reviews) with { Token = "of-another-mesh-0123" }, new AccessClaim.Resources(Node("reviews.shop"))).Verdict);
    }

    [Fact]
    public void Only_an_admin_sees_how_others_are()
    {
        Assert.Equal(AccessVerdict.Denied, Decide(Shown(Reviews), AccessClaim.Status.Instance).Verdict);
        Assert.Equal(AccessVerdict.Allowed, Decide(new(null, [], Admin), AccessClaim.Status.Instance).Verdict);
        Assert.Equal(AccessVerdict.Allowed, Decide(Shown("spiffe://mesh/ns/ops/sa/console"), AccessClaim.Status.Instance).Verdict);
        Assert.Equal(AccessVerdict.Denied, Decide(new(null, [], Admin), new AccessClaim.Resources(Node("client.shop"))).Verdict);
    }

    [Theory]
    [InlineData("spiffe://mesh/ns/shop/sa/a", true)]
    [InlineData("spiffe://mesh/ns/shop/sa/..", false)]
    [InlineData("spiffe://mesh/ns/shop/sa/a/b", false)]
    [InlineData("spiffe://mesh/ns//sa/a", false)]
    [InlineData("https://mesh/ns/shop/sa/a", false)]
    [InlineData("spiffe://mesh/ns/shop/sa/a?x", false)]
    [InlineData("spiffe:/mesh/ns/shop/sa/a", false)]
    public void An_identity_is_read_strictly(string text, bool isOne)
    {
        Assert.Equal(isOne, SpiffeId.Parse(text, out var error) is not null);
        Assert.Equal(isOne, error is null);
    }

    private Credentials Known(string grants)
    {
        var errors = ImmutableArray.CreateBuilder<Diagnostic>();
        return new(null, CertificateAuthorities.Read(_authority.Pem, out _), GrantTable.Read("tokens", grants, errors));
    }

    private AccessDecision Decide(ClientCredentials shown, AccessClaim claim) => _authorizer.Decide(shown, claim);

    private ClientCredentials Shown(string id) => Shown(_authority.Client(id));

    private static ClientCredentials Shown((string Certificate, string Key) pair) =>
        new(X509Certificate2.CreateFromPem(pair.Certificate), [], null);

    private static Node Node(string id) => new() { Id = id };
}
