using Weft.Model;
using static Weft.Tests.Model.Mesh;

namespace Weft.Tests.Model;

public sealed class RouteKindTests
{
    [Fact]
    public void Calls_go_by_service_and_method_then_service_then_method()
    {
        var route = Route("r", "a", Rule(
            "a",
            Match(PathMatchKind.Prefix, "/"),
            Match(PathMatchKind.Regex, "/[^/]+/Get"),
            Match(PathMatchKind.Prefix, "/shop.Cart"),
            Match(PathMatchKind.Exact, "/shop.Cart/Get"))) with
        { Kind = RouteKind.Grpc };
        Assert.Equal(
            ["shop/r/0/3", "shop/r/0/2", "shop/r/0/1", "shop/r/0/0"],
            Composed(Service("a", 80), route).Port("a", 80).Routes.Select(r => r.Name));
    }

    [Fact]
    public void Expressions_stand_between_exact_paths_and_prefixes_and_methods_before_headers_before_parameters()
    {
        var get = RouteMatch.Any with { Method = "GET" };
        var query = RouteMatch.Any with { Query = [new("q", "1")] };
        var route = Route("r", "a", Rule(
            "a", query, Match(PathMatchKind.Prefix, "/", "x"), get, Match(PathMatchKind.Regex, "/.*"), Match(PathMatchKind.Exact, "/a")));
        Assert.Equal(
            ["shop/r/0/4", "shop/r/0/3", "shop/r/0/2", "shop/r/0/1", "shop/r/0/0"],
            Composed(Service("a", 80), route).Port("a", 80).Routes.Select(r => r.Name));
    }

    [Fact]
    public void The_older_of_two_routes_goes_first()
    {
        var old = Route("z", "a", Rule("a")) with { Created = DateTimeOffset.UnixEpoch };
        Assert.Equal(
            ["shop/z/0/0", "shop/b/0/0"],
            Composed(Service("a", 80), Route("b", "a", Rule("a")), old).Port("a", 80).Routes.Select(r => r.Name));
    }

    [Fact]
    public void A_service_takes_one_kind_of_route()
    {
        var grpc = Route("z", "a", Rule("a")) with { Kind = RouteKind.Grpc };
        var (mesh, diagnostics, _) = MeshComposer.Compose(Of(Service("a", 80), Route("b", "a", Rule("a")), grpc));
        Assert.Equal(["shop/b/0/0"], mesh.Port("a", 80).Routes.Select(r => r.Name));
        Assert.Equal(["WEFT2010"], diagnostics.Select(d => d.Code));
    }

    [Fact]
    public void A_route_of_another_namespace_holds_for_the_clients_there_in_place_of_the_services_own()
    {
        var consumer = Route("c", "a", Rule("a")) with { Name = new("clients", "c") };
        var port = Composed(Service("a", 80), Route("p", "a", Rule("a")), consumer).Port("a", 80);
        Assert.Equal(["shop/p/0/0"], port.RoutesFor("shop").Select(r => r.Name));
        Assert.Equal(["clients/c/0/0"], port.RoutesFor("clients").Select(r => r.Name));
        Assert.Equal(["shop/p/0/0"], port.RoutesFor("others").Select(r => r.Name));
    }

    [Fact]
    public void A_rule_without_backends_is_told()
    {
        var diagnostics = MeshComposer.Compose(Of(Service("a", 80), Route("r", "a", Rule("a") with { Backends = [] }))).Diagnostics;
        Assert.Equal(["WEFT2014"], diagnostics.Select(d => d.Code));
    }

    [Fact]
    public void A_backend_that_is_no_service_keeps_its_share_and_is_told()
    {
        var rule = Rule("a") with { Backends = [To("a") with { Kind = "Bucket" }] };
        var (mesh, diagnostics, status) = MeshComposer.Compose(Of(Service("a", 80), Route("r", "a", rule)));
        Assert.False(mesh.Port("a", 80).Routes[0].Backends[0].Exists);
        Assert.Equal(["WEFT2007"], diagnostics.Select(d => d.Code));
        Assert.Contains(status.Single().Conditions, c => c is { Type: "ResolvedRefs", Holds: false, Reason: "InvalidKind" });
    }
}
