using Weft.Flow;
using Weft.Model;
using static Weft.Tests.Model.Mesh;

namespace Weft.Tests.Model;

public sealed class MeshDiagnosticsTests
{
    [Fact]
    public void A_workload_of_a_service_that_does_not_exist_is_told()
    {
        var mesh = Finding("WEFT2001", Workload("w", "ghost"));
        Assert.Empty(mesh.Workloads[Name("w")].Services);
    }

    [Fact]
    public void A_route_of_a_service_that_does_not_exist_is_told() =>
        Finding("WEFT2002", Service("b", 80), Route("r", "ghost", Rule("b")));

    [Fact]
    public void A_route_of_a_port_that_does_not_exist_is_told()
    {
        var route = Route("r", "a", Rule("a")) with { Parents = [new(false, Name("a"), 81, null, Where)] };
        Assert.Empty(Finding("WEFT2002", Service("a", 80), route).Port("a", 80).Routes);
    }

    [Fact]
    public void A_backend_that_does_not_exist_is_told_and_keeps_its_share()
    {
        var mesh = Finding("WEFT2003", Service("a", 80), Route("r", "a", Rule("ghost")));
        Assert.Equal(new Backend(Name("ghost"), 0, 1, false, HeaderModifier.None, HeaderModifier.None), Assert.Single(mesh.Port("a", 80).Routes[0].Backends));
    }

    [Fact]
    public void A_backend_whose_port_is_not_clear_is_told()
    {
        var mesh = Finding("WEFT2004", Service("a", 80), Service("b", 90, 91), Route("r", "a", Rule("b")));
        Assert.False(mesh.Port("a", 80).Routes[0].Backends[0].Exists);
    }

    [Fact]
    public void A_backend_whose_port_does_not_exist_is_told()
    {
        var rule = Rule("b") with { Backends = [To("b", 99)] };
        Assert.Equal(99, Finding("WEFT2004", Service("a", 80), Service("b", 90), Route("r", "a", rule))
            .Port("a", 80).Routes[0].Backends[0].Port);
    }

    private static MeshSnapshot Finding(string code, params object[] objects)
    {
        var (mesh, diagnostics, _) = MeshComposer.Compose(Of(objects));
        var finding = Assert.Single(diagnostics);
        Assert.Equal((code, Severity.Warning, Where), (finding.Code, finding.Severity, finding.Where!));
        Assert.NotNull(finding.Fix);
        return mesh;
    }
}
