using System.Collections.Immutable;
using Envoy.Config.Cluster.V3;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Weft.Admin;
using Weft.ControlPlane;
using Weft.Preview;
using Weft.Xds;

namespace Weft.Tests.Preview;

public sealed class EnvoyJsonTests
{
    [Fact]
    public void What_is_served_comes_back_the_same_by_way_of_JSON()
    {
        var groups = PreviewScene.InForce(PreviewScene.Base);
        var text = System.Text.Json.JsonSerializer.Serialize(ServedBytes.Of(groups), ConfigJson.Dense.ServedBytes);
        var back = System.Text.Json.JsonSerializer.Deserialize(text, ConfigJson.Plain.ServedBytes)!.ToGroups();
        Assert.Equal(
            groups.Made.OrderBy(g => g.Key).Select(g => (g.Key, g.Value.Version)),
            back.Made.OrderBy(g => g.Key).Select(g => (g.Key, g.Value.Version)));
        Assert.Equal(groups.Default?.Version, back.Default?.Version);
    }

    [Fact]
    public void A_time_to_live_comes_back_with_its_resource()
    {
        var mortal = XdsResource.Create(new Cluster { Name = "a" }).WithTimeToLive(TimeSpan.FromSeconds(1.5));
        var text = System.Text.Json.JsonSerializer.Serialize(
            ServedBytes.Of(new(ImmutableDictionary<string, ResourceGroup>.Empty, ResourceSet.Create([mortal]), ResourceSet.Empty)), ConfigJson.Dense.ServedBytes);
        var back = System.Text.Json.JsonSerializer.Deserialize(text, ConfigJson.Plain.ServedBytes)!.ToGroups();
        var raw = Assert.Single(PlannedMesh.RawOf(back));
        Assert.Equal(mortal.TimeToLive, raw.TimeToLive);
        Assert.Equal(mortal.Version, Assert.Single(RawLayer.Of([raw], null).Set.Of(TypeUrl.Cluster).All).Version);
    }

    [Fact]
    public void Fields_have_the_names_of_the_API()
    {
        var cluster = new Cluster { Name = "a", ConnectTimeout = Duration.FromTimeSpan(TimeSpan.FromSeconds(1)) };
        var json = EnvoyJson.Of(TypeUrl.Cluster, cluster.ToByteString());
        Assert.Equal("1s", json["connect_timeout"]!.GetValue<string>());
        Assert.Equal(TypeUrl.Cluster, json["@type"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("type.googleapis.com/of.another.Program")]
    [InlineData(TypeUrl.Cluster)]
    public void What_cannot_be_written_as_JSON_is_given_as_its_bytes(string typeUrl)
    {
        var body = ByteString.CopyFrom(0xff, 0xff, 0xff);
        Assert.Equal(body, EnvoyJson.Body(EnvoyJson.Of(typeUrl, body)));
        Assert.Null(EnvoyMessages.Of(typeUrl, body));
    }

    [Fact]
    public void What_a_group_had_is_remembered_for_a_while()
    {
        var (one, other) = (Groups("a"), Groups("b"));
        var past = ServedPast.Nothing.With(one).With(other);
        var (first, second) = (one.Default!.Of(TypeUrl.Cluster), other.Default!.Of(TypeUrl.Cluster));
        Assert.Same(first, past.At(NodeGroup.Unknown, TypeUrl.Cluster, first.Version));
        Assert.Same(first, past.Before(NodeGroup.Unknown, TypeUrl.Cluster, second));
        Assert.Null(past.At(NodeGroup.Unknown, TypeUrl.Cluster, "another"));
        Assert.Null(Enumerable.Range(0, 40).Aggregate(past, (p, i) => p.With(Groups($"c{i}"))).At(NodeGroup.Unknown, TypeUrl.Cluster, first.Version));
    }

    private static ResourceGroups Groups(string cluster) =>
        ResourceGroups.Unpublished.With(ResourceSet.Create(new Cluster { Name = cluster }));
}
