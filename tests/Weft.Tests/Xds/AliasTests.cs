using Envoy.Config.Cluster.V3;
using Weft.Xds;

namespace Weft.Tests.Xds;

public sealed class AliasTests
{
    private static readonly XdsResource Bare = XdsResource.Create(new Cluster { Name = "a" });

    [Fact]
    public void Aliases_count_for_the_version_and_none_are_as_if_there_had_never_been_any()
    {
        Assert.NotEqual(Bare.Version, Bare.WithAliases("x").Version);
        Assert.NotEqual(Bare.WithAliases("x", "y").Version, Bare.WithAliases("xy").Version);
        Assert.Equal(Bare.WithAliases("x").Version, Bare.WithAliases("x").Version);
        Assert.Equal(Bare.Version, Bare.WithAliases("x").WithAliases().Version);
        Assert.Equal(["x", "y"], Bare.WithAliases("x", "y").Aliases);
    }

    [Theory]
    [InlineData("", "An alias of 'a' is empty.")]
    [InlineData("*", "An alias of 'a' is '*', which asks for everything.")]
    [InlineData("a", "An alias of 'a' 'a' is its name or there twice.")]
    [InlineData("x", "An alias of 'a' 'x' is its name or there twice.")]
    public void What_cannot_be_an_alias_is_told_with_the_resource(string alias, string says) => Assert.StartsWith(
        says, Assert.Throws<ArgumentException>(() => Bare.WithAliases("x", alias)).Message, StringComparison.Ordinal);

    [Fact]
    public void Aliases_are_bounded_in_number_and_length()
    {
        var most = Enumerable.Range(0, XdsResource.MaxAliases).Select(i => $"x{i}").ToArray();
        Assert.Equal(XdsResource.MaxAliases, Bare.WithAliases(most).Aliases.Length);
        Assert.Throws<ArgumentException>(() => Bare.WithAliases([.. most, "one more"]));
        Assert.NotEmpty(Bare.WithAliases(new string('x', XdsResource.MaxAliasLength)).Aliases);
        Assert.Throws<ArgumentException>(() => Bare.WithAliases(new string('x', XdsResource.MaxAliasLength + 1)));
    }

    [Fact]
    public void Of_two_resources_with_one_alias_the_first_by_name_is_meant_and_a_name_goes_before_an_alias()
    {
        var map = ResourceSet.Create([
            XdsResource.Create(new Cluster { Name = "b" }).WithAliases("x", "a"), Bare.WithAliases("x"),
        ]).Of(TypeUrl.Cluster);
        Assert.Equal("a", map.MeantBy("x"));
        Assert.Null(map.MeantBy("a"));
        Assert.Null(map.MeantBy("nobody"));
    }

    [Fact]
    public void A_set_in_which_only_an_alias_differs_is_another_set()
    {
        var former = ResourceSet.Create([Bare.WithAliases("x")]);
        var set = former.With([], [Bare.WithAliases("y")]);
        Assert.NotEqual(former.Hash, set.Hash);
        Assert.Equal("a", set.Of(TypeUrl.Cluster).MeantBy("y"));
        Assert.Equal(["a", "x", "y"], set.Of(TypeUrl.Cluster).NamesSince(former.Of(TypeUrl.Cluster)).Order(StringComparer.Ordinal));
    }
}
