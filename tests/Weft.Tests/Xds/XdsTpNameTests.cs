using Weft.Xds;

namespace Weft.Tests.Xds;

public sealed class XdsTpNameTests
{
    [Theory]
    [InlineData("xdstp://a/t.T/x?b=2&a=1", "xdstp://a/t.T/x?a=1&b=2")]
    [InlineData("xdstp://a/t.T/x/y/z?c=&a=1", "xdstp://a/t.T/x/y/z?a=1&c=")]
    [InlineData("xdstp://a/t.T/x?c&a=1", "xdstp://a/t.T/x?a=1&c=")]
    [InlineData("xdstp:///t.T/x", "xdstp:///t.T/x")]
    [InlineData("xdstp://a/t.T/x?", "xdstp://a/t.T/x")]
    [InlineData("xdstp://a/t.T/x?b=2&a=1#alt=xdstp://b/t.T/y", "xdstp://a/t.T/x?a=1&b=2")]
    // As Envoy and gRPC ask for a listener by its address.
    [InlineData("xdstp://a/t.T/10.0.0.1:80", "xdstp://a/t.T/10.0.0.1%3A80")]
    [InlineData("xdstp://a/t.T/%5B::%5D:80", "xdstp://a/t.T/%5B%3A%3A%5D%3A80")]
    [InlineData("xdstp://a/t.T/%5b%3a%3A]%3A80", "xdstp://a/t.T/%5B%3A%3A%5D%3A80")]
    [InlineData("xdstp://a/t.T/x%2Fy%41", "xdstp://a/t.T/x/yA")]
    [InlineData("xdstp://a/t.T/é%C3%A9", "xdstp://a/t.T/%C3%A9%C3%A9")]
    [InlineData("xdstp://a/t.T/x?p=a%26b%3Dc:/?", "xdstp://a/t.T/x?p=a%26b%3Dc:/?")]
    public void Equivalent_names_have_one_spelling(string name, string canonical)
    {
        Assert.Equal(canonical, XdsTpName.Canonical(name));
        Assert.Same(canonical, XdsTpName.Canonical(canonical));
    }

    [Theory]
    [InlineData("")]
    [InlineData("*")]
    [InlineData("outbound|80||web.shop")]
    [InlineData("xdstp:/a/t.T/x?b=2&a=1")]
    [InlineData("xdstp://")]
    [InlineData("xdstp://a")]
    [InlineData("xdstp://a/")]
    [InlineData("xdstp://a//x?b=2&a=1")]
    [InlineData("xdstp://a/t.T?b=2&a=1")]
    [InlineData("xdstp://a/t.T/?b=2&a=1")]
    [InlineData("xdstp://a/t.T/x%4")]
    [InlineData("xdstp://a/t.T/x%zz")]
    [InlineData("xdstp://%/t.T/x?b=2&a=1")]
    [InlineData("xdstp://a/t.T/x?b=2&b=1")]
    [InlineData("xdstp://a/t.T/x?b=2&&a=1")]
    [InlineData("xdstp://a/t.T/x?=2&a=1")]
    public void What_is_no_such_name_is_compared_as_text(string name) => Assert.Same(name, XdsTpName.Canonical(name));

    [Fact]
    public void The_canonical_spelling_of_any_name_is_its_own_and_costs_in_proportion_to_its_length()
    {
        var seed = Random.Shared.Next();
        var random = new Random(seed);
        const string Letters = "xdstp://a/b?c=d&e#%25%zé~ []:";
        for (var i = 0; i < 20_000; i++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(40)).Select(_ => Letters[random.Next(Letters.Length)]));
            var canonical = XdsTpName.Canonical("xdstp://" + text);
            Assert.True(canonical == XdsTpName.Canonical(canonical), $"{text} of seed {seed}");
            Assert.InRange(canonical.Length, 0, 8 + (6 * text.Length) + 64);
        }
    }

    [Fact]
    public void A_name_of_very_many_parameters_is_text()
    {
        var name = "xdstp://a/t.T/x?" + string.Join('&', Enumerable.Range(0, 65).Select(i => $"p{100 - i}=1"));
        Assert.Same(name, XdsTpName.Canonical(name));
        var shorter = name[..name.LastIndexOf('&')];
        Assert.NotEqual(shorter, XdsTpName.Canonical(shorter));
    }

    [Fact]
    public void A_name_that_has_to_be_put_in_order_allocates_little_more_than_itself()
    {
        var name = "xdstp://a/t.T/x?" + string.Join('&', Enumerable.Range(0, 64).Select(i => $"{(char)('0' + (63 - i))}=")).Replace("&=", "&p=", StringComparison.Ordinal);
        XdsTpName.Canonical(name);
        var before = GC.GetAllocatedBytesForCurrentThread();
        XdsTpName.Canonical(name);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 64 * name.Length);
    }

    [Fact]
    public void Published_names_that_are_equivalent_are_the_same_name()
    {
        XdsResource[] twice = [Resources.Make("t.T", "xdstp://a/t.T/x?b=2&a=1", "1"), Resources.Make("t.T", "xdstp://a/t.T/x?a=1&b=2", "2")];
        Assert.Throws<ArgumentException>(() => ResourceSet.Create(twice));
        Assert.Equal("xdstp://a/t.T/x?a=1&b=2", twice[0].Name);
    }
}
