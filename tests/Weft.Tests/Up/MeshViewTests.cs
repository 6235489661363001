using System.Collections.Immutable;
using Weft.Admin;
using Weft.Manifests;
using Weft.Model;
using Weft.Testing;
using Weft.Up;

namespace Weft.Tests.Up;

public sealed class MeshViewTests
{
    [Fact]
    public void The_bookshop_is_shown_by_services_and_the_versions_their_routes_lead_to()
    {
        var traffic = ImmutableSortedDictionary.CreateRange(StringComparer.Ordinal, new KeyValuePair<string, ClusterCount>[]
        {
            new("outbound|80||catalog-v1.default.svc.cluster.local", new(90, 0)),
            new("outbound|80||catalog-v2.default.svc.cluster.local", new(10, 5)),
            new("outbound|80||frontend.default.svc.cluster.local", new(100, 0)),
            new("inbound|9101||", new(100, 0)),
        });
        var view = MeshView.Of(Bookshop(), traffic, new StatusView([], [], "", true), ["hello"]);
        Assert.Equal(["catalog", "frontend", "ratings", "reviews"], view.Services.Select(s => s.Name));
        Assert.Equal(
            [new VersionView("v1", 90, 0.9, 0), new VersionView("v2", 10, 0.1, 5)], view.Services[0].Versions);
        Assert.Equal((200, 0.025), (view.Requests, view.Errors));
        Assert.Equal(
            "proxies 0/7 synced, 200.0 requests/s, 2.5% errors; catalog: v1 90% v2 10%; frontend: v1 100%",
            PlainLines.Text(view));
    }

    private static MeshSnapshot Bookshop()
    {
        var manifests = ManifestSource.Read([Path.Combine(RepositoryRoot.Path, "samples", "bookshop")], TimeProvider.System);

        // The gateway's plugin lies beside the program, and not beside the tests.
        Assert.DoesNotContain(manifests.Diagnostics, d => d.Code != "WEFT1301");
        var (mesh, diagnostics, _) = MeshComposer.Compose(manifests.Objects);
        Assert.Empty(diagnostics);
        return mesh;
    }
}
