using Weft.Model;
using static Weft.Tests.Model.Mesh;

namespace Weft.Tests.Model;

public sealed class MeshComposerTests
{
    [Fact]
    public void Workloads_and_slices_become_endpoints_in_order_without_repeats()
    {
        var named = new ServiceConfig(Name("a"), [new("http", 80, 8080, AppProtocol.Http)], Labels(), Where);
        var workload = Workload("w", "a", "10.0.0.2") with { InboundPort = 15006, Labels = Labels(("version", "v2")) };
        var mesh = Composed(
            named, workload,
            Slice("s", "a", "http", 9080, "10.0.0.3", "10.0.0.1"),
            Slice("t", "a", "http", 15006, "10.0.0.2"),
            Slice("u", "a", "other", 9080, "10.0.0.9"));
        Assert.Equal(
            [
                new("10.0.0.1", 9080, true, "", null, ""),
                new("10.0.0.2", 15006, true, "", Name("w"), "v2"),
                new("10.0.0.3", 9080, true, "", null, ""),
            ],
            mesh.Port("a", 80).Endpoints);
    }

    [Fact]
    public void A_slice_says_whether_an_endpoint_is_ready_and_where()
    {
        var slice = Slice("s", "a", "p80", 9080) with { Endpoints = [new(["10.0.0.1"], false, "zone-b")] };
        Assert.Equal(
            new Endpoint("10.0.0.1", 9080, false, "zone-b", null, ""),
            Assert.Single(Composed(Service("a", 80), slice).Port("a", 80).Endpoints));
    }

    [Fact]
    public void A_workload_serves_the_port_that_targets_its_application()
    {
        var mesh = Composed(Service("a", 80, 81), Workload("w", "a", app: 8081));
        Assert.Empty(mesh.Port("a", 80).Endpoints);
        Assert.Equal(8081, Assert.Single(mesh.Port("a", 81).Endpoints).Port);
    }

    [Fact]
    public void A_workload_serves_the_only_port_of_its_service_whatever_it_targets()
    {
        var mesh = Composed(Service("a", 80), Workload("w", "a", app: 9999));
        Assert.Equal(9999, Assert.Single(mesh.Port("a", 80).Endpoints).Port);
    }

    [Fact]
    public void A_pure_client_serves_nothing()
    {
        var mesh = Composed(Service("a", 80), Workload("w", "a", app: null));
        Assert.Empty(mesh.Port("a", 80).Endpoints);
        Assert.Equal([Name("a")], mesh.Workloads[Name("w")].Services);
    }

    [Fact]
    public void A_selector_takes_the_workloads_of_its_namespace_that_carry_all_its_labels()
    {
        var service = Service("a", 80) with { Selector = Labels(("app", "a"), ("tier", "1")) };
        var fits = Workload("fits", null, "10.0.0.1") with
        {
            Labels = Labels(("app", "a"), ("tier", "1"), ("more", "x")),
        };
        var half = Workload("half", null, "10.0.0.2") with { Labels = Labels(("app", "a")) };
        var other = Workload("other", null, "10.0.0.3") with { Labels = Labels(("app", "a"), ("tier", "2")) };
        var far = fits with { Name = new("elsewhere", "far"), Address = "10.0.0.4" };
        var mesh = Composed(service, fits, half, other, far, Service("none", 80));
        Assert.Equal(["10.0.0.1"], mesh.Port("a", 80).Endpoints.Select(e => e.Address));
        Assert.Empty(mesh.Port("none", 80).Endpoints);
        Assert.Equal([Name("a")], mesh.Workloads[Name("fits")].Services);
        Assert.Empty(mesh.Workloads[Name("half")].Services);
    }

    [Fact]
    public void A_workload_may_belong_to_several_services_and_to_one_twice_only_once()
    {
        var all = Service("b", 80) with { Selector = Labels(("app", "x")) };
        var workload = Workload("w", "b") with { Labels = Labels(("app", "x")) };
        var mesh = Composed(all, Service("a", 80) with { Selector = Labels(("app", "x")) }, workload);
        Assert.Equal([Name("a"), Name("b")], mesh.Workloads[Name("w")].Services);
        Assert.Single(mesh.Port("b", 80).Endpoints);
    }

    [Fact]
    public void An_application_speaks_http2_when_a_port_that_leads_to_it_does()
    {
        var ports = Service("a", 80, 81).Ports;
        var service = Service("a") with { Ports = [ports[0], ports[1] with { Protocol = AppProtocol.Http2 }] };
        var mesh = Composed(service, Workload("old", "a", "10.0.0.1", 8080), Workload("new", "a", "10.0.0.2", 8081));
        Assert.Equal(AppProtocol.Http, mesh.Workloads[Name("old")].Protocol);
        Assert.Equal(AppProtocol.Http2, mesh.Workloads[Name("new")].Protocol);
    }

    [Fact]
    public void Nothing_makes_an_empty_mesh() => Assert.Empty(MeshSnapshot.Empty.Services);
}
