using System.Collections.Immutable;
using Weft.Flow;
using Weft.Model;

namespace Weft.Tests.Model;

public sealed class ComposerDiagnosticsTests
{
    private static readonly SourcePosition Where = new("mesh.yaml", 3, 1);

    private static readonly ServiceConfig TwoPorts = new(
        Named("catalog"),
        [new("http", 80, 80, AppProtocol.Http), new("admin", 81, 81, AppProtocol.Http)],
        ImmutableSortedDictionary<string, string>.Empty,
        Where);

    [Fact]
    public void A_workload_of_an_unknown_service_is_WEFT2001()
    {
        var workload = new WorkloadConfig(
            Named("reviews-v1"), Named("reviews"), ImmutableSortedDictionary<string, string>.Empty,
            "127.0.0.1", 80, null, null, null, Where);
        Expect("WEFT2001", "default/reviews,", MeshObjects.Empty with { Workloads = [workload] });
    }

    [Theory]
    [InlineData("reviews", null, "the service default/reviews,")]
    [InlineData("catalog", 82, "port 82 of default/catalog,")]
    public void A_route_attached_to_nothing_is_WEFT2002(string service, int? port, string named)
    {
        Expect("WEFT2002", named, With(Route(new(Named(service), port, Where))));
    }

    [Fact]
    public void A_route_to_an_unknown_service_is_WEFT2003()
    {
        var backend = new BackendRefConfig(Named("reviews"), 80, 1, Where);
        Expect("WEFT2003", "default/reviews,", With(Route(ToCatalog, backend)));
    }

    [Theory]
    [InlineData(null, "no port of default/catalog,")]
    [InlineData(82, "port 82 of default/catalog,")]
    public void A_route_to_no_port_of_a_service_is_WEFT2004(int? port, string named)
    {
        Expect("WEFT2004", named, With(Route(ToCatalog, new BackendRefConfig(Named("catalog"), port, 1, Where))));
    }

    private static ParentRefConfig ToCatalog { get; } = new(Named("catalog"), 80, Where);

    private static ObjectName Named(string name) => new(ObjectName.DefaultNamespace, name);

    private static MeshObjects With(HttpRouteConfig route) =>
        MeshObjects.Empty with { Services = [TwoPorts], HttpRoutes = [route] };

    private static HttpRouteConfig Route(ParentRefConfig parent, params ImmutableArray<BackendRefConfig> backends) =>
        new(Named("r"), [parent], [new([RouteMatch.Any], HeaderModifier.None, backends, null, null)], Where);

    private static void Expect(string code, string named, MeshObjects objects)
    {
        var diagnostic = Assert.Single(MeshComposer.Compose(objects).Diagnostics);
        Assert.Equal((code, Severity.Warning, Where), (diagnostic.Code, diagnostic.Severity, diagnostic.Where));
        Assert.Contains(named, diagnostic.Message, StringComparison.Ordinal);
        Assert.NotNull(diagnostic.Fix);
    }
}
