using Envoy.Config.Route.V3;
using Google.Protobuf;
using Weft.Xds;

namespace Weft.Tests.Xds;

/// <summary>Which virtual host answers a host.</summary>
public sealed class VirtualHostIndexTests
{
    [Theory]
    [InlineData("www.foo.com", "exact")]
    [InlineData("WWW.Foo.com", "exact")]
    [InlineData("x.foo.com", "suffix")]
    [InlineData("baz-bar.foo.com", "long-suffix")]
    [InlineData("-bar.foo.com", "suffix")]
    [InlineData(".foo.com", "any")]
    [InlineData("foo.org", "prefix")]
    [InlineData("foo-bar.org", "any")]
    [InlineData("foo.", "any")]
    [InlineData("foo.bar.x", "long-prefix")]
    [InlineData("foo.foo.com", "suffix")]
    [InlineData("www.foo.com:80", "any")]
    [InlineData("port.foo.com:80", "port")]
    [InlineData("elsewhere", "any")]
    [InlineData("*", "any")]
    public void Exact_domains_go_before_suffixes_these_before_prefixes_and_longer_ones_before_shorter(string host, string expected)
    {
        var index = Index(
            ("r/any", ["*"]), ("r/prefix", ["foo.*"]), ("r/long-prefix", ["foo.bar.*"]), ("r/suffix", ["*.foo.com"]),
            ("r/long-suffix", ["*-bar.foo.com"]), ("r/exact", ["www.foo.com"]), ("r/port", ["port.foo.com:80"]));
        Assert.Equal("r/" + expected, index.Of("r/" + host)?.Name);
    }

    [Fact]
    public void A_host_is_looked_for_in_its_route_configuration_alone_whose_name_may_have_slashes()
    {
        var index = Index(("a/b/v", ["x"]), ("a/v", ["y"]));
        Assert.Equal("a/b/v", index.Of("a/b/x")?.Name);
        Assert.Null(index.Of("a/x"));
        Assert.Null(index.Of("b/x"));
        Assert.Equal("a/v", index.Of("a/y")?.Name);
    }

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("r")]
    [InlineData("r/")]
    [InlineData("/x")]
    [InlineData("other/x")]
    public void What_is_no_host_of_a_route_configuration_is_nobodys(string asked) => Assert.Null(Index(("r/v", ["*"])).Of(asked));

    [Fact]
    public void Of_two_virtual_hosts_with_one_domain_the_first_by_name_has_it() =>
        Assert.Equal("r/a", Index(("r/a", ["x", "*"]), ("r/b", ["x", "*"])).Of("r/x")?.Name);

    [Fact]
    public void A_host_longer_than_any_is_nobodys_though_everything_would_match_it()
    {
        var index = Index(("r/v", ["*"]));
        Assert.NotNull(index.Of("r/" + new string('x', 253) + ":65535"));
        Assert.Null(index.Of("r/" + new string('x', 4000)));
    }

    [Fact]
    public void A_hostile_host_costs_a_step_for_each_length_of_wildcard_and_no_more()
    {
        var wildcards = Enumerable.Range(0, 20_000).Select(i => $"*.{i:D6}.test");
        var index = Index(("r/v", [.. wildcards]));
        var host = "r/" + string.Concat(Enumerable.Repeat("a.", 125));
        // All wildcards have one length: ten thousand of these are a moment, not the hours of a comparison with each.
        for (var i = 0; i < 10_000; i++)
        {
            Assert.Null(index.Of(host));
        }

        Assert.Equal("r/v", index.Of("r/a.019999.test")?.Name);
    }

    [Fact]
    public void Bytes_that_are_no_virtual_host_answer_nothing()
    {
        var index = new VirtualHostIndex([XdsResource.Create(TypeUrl.VirtualHost, "r/v", ByteString.CopyFromUtf8("no virtual host"))]);
        Assert.Null(index.Of("r/x"));
    }

    private static VirtualHostIndex Index(params (string Name, string[] Domains)[] hosts) =>
        new(hosts.Select(h => XdsResource.Create(new VirtualHost { Name = h.Name, Domains = { h.Domains } })));
}
