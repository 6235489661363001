using Weft.ControlPlane;
using Weft.Model;
using Weft.Testing;
using Weft.Translation;
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
                var before = publication;
                publication = before.Next(composition.Snapshot, random.Raw, random.Objects);
                var told = $"seed {seed + run}, step {step}";
                AssertSame(MeshComposer.Compose(random.Objects), composition, told);
                // What is named and gone stays as it was, so what was there counts, but nothing else of the past does.
                AssertSame(Publication.After(before.Groups).Next(composition.Snapshot, random.Raw, random.Objects), publication, told);
                if (!publication.Diagnostics.Any(d => d.Code == "WEFT4004"))
                {
                    AssertSame(Publication.None.Next(composition.Snapshot, random.Raw, random.Objects), publication, told);
                }

                AssertAllDanglingIsTold(publication, told);
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

    [Fact]
    public void Names_are_looked_up_again_only_when_one_has_come_or_gone()
    {
        var objects = Of(
            Service("a", 80), Workload("client", null) with { TcpOutbound = [new(Name("b"), 80, 9300)] },
            Slice("a-1", "a", "p80", 8080, "10.0.0.1"));
        var first = Publication.None.Next(MeshComposer.Compose(objects).Snapshot, [], objects);
        var moved = objects with { EndpointSlices = [Slice("a-1", "a", "p80", 8080, "10.0.0.2")] };
        var second = first.Next(MeshComposer.Compose(moved).Snapshot, [], moved);
        Assert.Same(first.Groups.ByName["sidecar/client.shop"], second.Groups.ByName["sidecar/client.shop"]);
        Assert.Equal("WEFT4005", Assert.Single(second.Diagnostics).Code);

        var mended = moved with { Services = moved.Services.Add(Service("b", 80)) };
        Assert.Empty(second.Next(MeshComposer.Compose(mended).Snapshot, [], mended).Diagnostics);
    }

    // Looks at every resource of every group, as the check itself never does.
    private static void AssertAllDanglingIsTold(Publication publication, string told)
    {
        var messages = publication.Diagnostics.Where(d => d.Code is "WEFT4004" or "WEFT4005" or "WEFT4006").Select(d => d.Message).ToList();
        foreach (var group in publication.Groups.ByName.Keys)
        {
            var set = publication.Groups.For(group)!;
            var raw = publication.Groups.Default!;
            foreach (var resource in set.Types.SelectMany(t => t.All).Where(r => !raw.Of(r.TypeUrl).Contains(r.Name)))
            {
                var missing = EnvoyReferences.Of(resource.TypeUrl, resource.Body).Where(to => !set.Of(to.TypeUrl).Contains(to.Name));
                Assert.All(missing, to => Assert.True(
                    messages.Any(m => m.Contains($"'{resource.Name}'", StringComparison.Ordinal)
                        && m.Contains($"'{to.Name}'", StringComparison.Ordinal)),
                    $"{told}, {group}: {resource.Name} needs {to.Name}"));
            }
        }
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
