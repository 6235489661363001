using System.Collections.Immutable;
using Envoy.Config.Cluster.V3;
using Envoy.Config.Route.V3;
using Google.Protobuf;
using Weft.ControlPlane;
using Weft.Flow;
using Weft.Model;
using Weft.Translation.Raw;
using Weft.Xds;
using static Weft.Tests.Model.Mesh;

namespace Weft.Tests.ControlPlane;

public sealed class PublicationTests
{
    private const string Reviews = "outbound|80||reviews.shop.svc.cluster.local";
    private const string Sidecar = "sidecar/client.shop";

    // Envoy's API allows a route 1000 headers to add.
    private const int TooMany = 1001;

    [Fact]
    public void A_raw_resource_that_shares_a_name_with_a_translated_one_gives_way_to_it()
    {
        var cluster = new Cluster { Name = Reviews, AltStatName = "raw" };
        var publication = Publication.None.Next(MeshWith(headers: 0), [Raw(cluster)]);

        Assert.Equal("", ClusterOf(publication, Sidecar).AltStatName);
        Assert.Equal("raw", ClusterOf(publication, NodeGroup.Unknown).AltStatName);
        var diagnostic = Assert.Single(publication.Diagnostics);
        Assert.Equal(("WEFT4001", Severity.Error), (diagnostic.Code, diagnostic.Severity));
        Assert.Equal(new SourcePosition("envoy/raw.yaml", 3, 5), diagnostic.Where);
        Assert.Contains($"cds resource '{Reviews}'", diagnostic.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_raw_resource_of_another_name_is_given_to_all()
    {
        var publication = Publication.None.Next(MeshWith(headers: 0), [Raw(new Cluster { Name = "extra" })]);
        Assert.Empty(publication.Diagnostics);
        Assert.All([Sidecar, "grpc/shop", NodeGroup.Unknown], group =>
            Assert.True(publication.Groups.For(group)!.Of(TypeUrl.Cluster).Contains("extra")));
    }

    [Fact]
    public void A_translated_resource_that_breaks_a_rule_of_Envoy_keeps_its_last_good_version()
    {
        var good = Publication.None.Next(MeshWith(headers: 1), []);
        var bad = good.Next(MeshWith(headers: TooMany), []);

        Assert.Empty(good.Diagnostics);
        Assert.Equal(1, HeadersIn(bad));
        var diagnostic = bad.Diagnostics[0];
        Assert.Equal(("WEFT4002", Severity.Error), (diagnostic.Code, diagnostic.Severity));
        Assert.Contains("rds resource 'outbound'", diagnostic.Message, StringComparison.Ordinal);
        Assert.Contains("request_headers_to_add", diagnostic.Message, StringComparison.Ordinal);

        var corrected = bad.Next(MeshWith(headers: 2), []);
        Assert.Empty(corrected.Diagnostics);
        Assert.Equal(2, HeadersIn(corrected));
    }

    [Fact]
    public void A_translated_resource_that_never_kept_the_rules_is_left_out_and_the_rest_is_published()
    {
        var publication = Publication.None.Next(MeshWith(headers: TooMany), []);
        Assert.Empty(publication.Groups.For(Sidecar)!.Of(TypeUrl.Route).All);
        Assert.True(publication.Groups.For(Sidecar)!.Of(TypeUrl.Cluster).Contains(Reviews));
        // A listener whose routes are missing could serve nothing.
        Assert.Empty(publication.Groups.For(Sidecar)!.Of(TypeUrl.Listener).All);
        Assert.Equal(["WEFT4002", "WEFT4004"], publication.Diagnostics.Select(d => d.Code));
    }

    [Fact]
    public void What_has_not_changed_is_the_very_same_set()
    {
        var before = Publication.None.Next(MeshWith(headers: 1), []);
        var after = before.Next(MeshWith(headers: 1), []);
        Assert.Same(before.Groups.For(Sidecar), after.Groups.For(Sidecar));
    }

    private static MeshSnapshot MeshWith(int headers)
    {
        var added = Enumerable.Range(0, headers).Select(i => new HeaderValue($"x-{i}", "1")).ToImmutableArray();
        var rule = Rule("reviews");
        rule = rule with { Filters = rule.Filters with { RequestHeaders = new([], added, []) } };
        return Composed(
            Service("reviews", 80), Route("reviews", "reviews", rule),
            Workload("client", null) with { OutboundPort = 9300 });
    }

    private static RawResource Raw(Cluster cluster) =>
        new(TypeUrl.Cluster, cluster.Name, cluster.ToByteString(), cluster, new("envoy/raw.yaml", 3, 5));

    private static Cluster ClusterOf(Publication publication, string group)
    {
        Assert.True(publication.Groups.For(group)!.Of(TypeUrl.Cluster).TryGet(Reviews, out var resource));
        return Cluster.Parser.ParseFrom(resource.Body);
    }

    private static int HeadersIn(Publication publication)
    {
        Assert.True(publication.Groups.For(Sidecar)!.Of(TypeUrl.Route).TryGet("outbound", out var resource));
        var routes = RouteConfiguration.Parser.ParseFrom(resource.Body);
        return routes.VirtualHosts.Single().Routes.Single().RequestHeadersToAdd.Count;
    }
}
