using Weft.ControlPlane;
using Weft.Model;
using Weft.Testing;
using Weft.Xds;
using static Weft.Tests.Model.Mesh;

namespace Weft.Tests.ControlPlane;

/// <summary>What is made of a change and of what was there is the same as what is made from nothing.</summary>
public sealed class IncrementalTests
{
    [Fact]
    [Trait(Soak.Trait, "true")]
    public void A_mesh_after_any_changes_is_the_mesh_made_at_once()
    {
        var seed = Soak.Seed();
        for (var run = 0; run < Soak.Runs(20, 2_000); run++)
        {
            var random = new RandomMesh(new Random(seed + run));
            var (composition, publication) = (MeshComposer.Compose(MeshObjects.Empty), Publication.None);
            for (var step = 0; step < 40; step++)
            {
                random.Change();
                composition = MeshComposer.Compose(random.Objects, composition);
                publication = publication.Next(composition.Snapshot, []);
                var told = $"seed {seed + run}, step {step}";
                AssertSame(MeshComposer.Compose(random.Objects), composition, told);
                AssertSame(Publication.None.Next(composition.Snapshot, []), publication, told);
            }
        }
    }

    [Fact]
    public void A_change_of_endpoints_leaves_all_else_as_it_is()
    {
        var objects = Of(
            Service("a", 80), Service("b", 80), Route("r", "a", Rule("b")), Workload("client", null) with { OutboundPort = 9300 },
            Slice("a-1", "a", "p80", 8080, "10.0.0.1"), Slice("b-1", "b", "p80", 8080, "10.0.0.2"));
        var before = MeshComposer.Compose(objects);
        var first = Publication.None.Next(before.Snapshot, []);
        var after = MeshComposer.Compose(
            objects with { EndpointSlices = objects.EndpointSlices.SetItem(1, Slice("b-1", "b", "p80", 8080, "10.0.0.3")) }, before);
        var second = first.Next(after.Snapshot, []);

        Assert.Equal(["shop/b"], after.Snapshot.Services.Since(before.Snapshot.Services).Select(c => c.Key.ToString()));
        Assert.Same(before.Snapshot.Workloads, after.Snapshot.Workloads);
        Assert.NotEqual(before.Snapshot.Version, after.Snapshot.Version);
        var (was, now) = (first.Groups.For("sidecar/client.shop")!, second.Groups.For("sidecar/client.shop")!);
        Assert.Equal([TypeUrl.Endpoints], now.Types.Where(map => map != was.Of(map.TypeUrl)).Select(map => map.TypeUrl));
        Assert.Single(now.Of(TypeUrl.Endpoints).All.Except(was.Of(TypeUrl.Endpoints).All));
    }

    [Fact]
    public void Objects_that_come_out_the_same_are_the_same_objects()
    {
        var workload = Workload("w", "a");
        var before = MeshComposer.Compose(Of(Service("a", 80), Route("r", "a", Rule("a")), workload));
        var again = MeshComposer.Compose(Of(Service("a", 80), Route("r", "a", Rule("a")), workload), before);
        Assert.Equal(before.Snapshot.Version, again.Snapshot.Version);
        Assert.Same(before.Snapshot.Workloads[Name("w")], again.Snapshot.Workloads[Name("w")]);
    }

    [Fact]
    public void What_applications_without_a_proxy_need_is_made_when_the_first_asks()
    {
        var publication = Publication.None.Next(Composed(Service("a", 80), Workload("w", "a")), []);
        Assert.False(publication.Groups.ByName["grpc/shop"].IsMade);
        Assert.NotEmpty(publication.Groups.For("grpc/shop")!.Of(TypeUrl.Listener).All);
        Assert.True(publication.Groups.ByName["grpc/shop"].IsMade);
    }

    private static void AssertSame(MeshComposition expected, MeshComposition actual, string told)
    {
        Assert.True(expected.Snapshot.Version == actual.Snapshot.Version, told);
        Assert.True(
            expected.Diagnostics.Select(d => d.ToString()).Order(StringComparer.Ordinal)
                .SequenceEqual(actual.Diagnostics.Select(d => d.ToString()).Order(StringComparer.Ordinal)), told);
        Assert.True(
            expected.Status.Select(s => $"{s} {string.Join(';', s.Conditions)}")
                .SequenceEqual(actual.Status.Select(s => $"{s} {string.Join(';', s.Conditions)}")), told);
    }

    private static void AssertSame(Publication expected, Publication actual, string told)
    {
        Assert.True(expected.Groups.ByName.Keys.Order(StringComparer.Ordinal)
            .SequenceEqual(actual.Groups.ByName.Keys.Order(StringComparer.Ordinal)), told);
        Assert.All(expected.Groups.ByName.Keys, group =>
            Assert.True(expected.Groups.For(group)!.Hash == actual.Groups.For(group)!.Hash, $"{told}, {group}"));
        Assert.True(expected.Diagnostics.Length == actual.Diagnostics.Length, told);
    }
}
