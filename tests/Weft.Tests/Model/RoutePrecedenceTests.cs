using Weft.Model;
using static Weft.Tests.Model.Mesh;

namespace Weft.Tests.Model;

public sealed class RoutePrecedenceTests
{
    [Fact]
    public void Exact_paths_come_first_then_longer_prefixes_then_more_headers()
    {
        var route = Route("r", "a", Rule(
            "a",
            Match(PathMatchKind.Prefix, "/"),
            Match(PathMatchKind.Prefix, "/", "x"),
            Match(PathMatchKind.Prefix, "/long"),
            Match(PathMatchKind.Prefix, "/longer"),
            Match(PathMatchKind.Exact, "/l"),
            Match(PathMatchKind.Prefix, "/", "x", "y")));
        Assert.Equal(
            ["shop/r/0/4", "shop/r/0/3", "shop/r/0/2", "shop/r/0/5", "shop/r/0/1", "shop/r/0/0"],
            Composed(Service("a", 80), route).Port("a", 80).Routes.Select(r => r.Name));
    }

    [Fact]
    public void Ties_go_by_the_names_of_the_routes_then_by_the_order_of_rules_and_matches()
    {
        var any = RouteMatch.Any;
        object[] routes = [Route("z", "a", Rule("a")), Route("b", "a", Rule("a", any, any), Rule("a"))];
        Assert.Equal(
            ["shop/b/0/0", "shop/b/0/1", "shop/b/1/0", "shop/z/0/0"],
            Composed([Service("a", 80), .. routes]).Port("a", 80).Routes.Select(r => r.Name));
    }

    [Fact]
    public void A_route_attaches_to_all_ports_of_its_parent_or_to_the_one_it_names()
    {
        var all = Route("all", "a", Rule("b"));
        var one = all with { Name = Name("one"), Parents = [new(false, Name("a"), 81, null, Where)] };
        var mesh = Composed(Service("a", 80, 81), Service("b", 90), all, one);
        Assert.Equal(["shop/all/0/0"], mesh.Port("a", 80).Routes.Select(r => r.Name));
        Assert.Equal(["shop/all/0/0", "shop/one/0/0"], mesh.Port("a", 81).Routes.Select(r => r.Name));
        Assert.Empty(mesh.Port("b", 90).Routes);
    }

    [Fact]
    public void A_port_that_a_route_names_twice_gets_its_rules_once()
    {
        var route = Route("r", "a", Rule("a")) with
        {
            Parents = [new(false, Name("a"), null, null, Where), new(false, Name("a"), 80, null, Where)],
        };
        Assert.Single(Composed(Service("a", 80), route).Port("a", 80).Routes);
    }

    [Fact]
    public void A_backend_without_a_port_gets_the_only_port_of_its_service()
    {
        var mesh = Composed(Service("a", 80), Service("b", 90), Route("r", "a", Rule("b")));
        Assert.Equal(new Backend(Name("b"), 90, 1, true, HeaderModifier.None, HeaderModifier.None), Assert.Single(mesh.Port("a", 80).Routes[0].Backends));
    }
}
