using Weft.Model;
using Weft.Tests.Plugins;
using static Weft.Tests.Model.Mesh;

namespace Weft.Tests.Model;

public sealed class PluginTests
{
    private static readonly WorkloadConfig Reviews = Workload("reviews", null) with
    {
        InboundPort = 9000,
        OutboundPort = 9001,
        Labels = Labels(("app", "reviews")),
    };

    private static readonly GatewayConfig Web = new(
        Name("web"), "127.0.0.1",
        [Listener("http", 80), Listener("other", 81)], Where)
    {
        Labels = Labels(("app", "edge")),
    };

    [Fact]
    public void Plugins_stand_in_order_of_phase_then_priority_then_name_and_namespace()
    {
        var mesh = Mesh(
            PluginObjects.Plugin("d"), PluginObjects.Plugin("c", phase: PluginPhase.Stats), PluginObjects.Plugin("z", phase: PluginPhase.Authentication),
            PluginObjects.Plugin("low", phase: PluginPhase.Authorization, priority: -1), PluginObjects.Plugin("b", phase: PluginPhase.Authorization),
            PluginObjects.Plugin("a", phase: PluginPhase.Authorization), PluginObjects.Plugin("high", phase: PluginPhase.Authorization, priority: 5),
            PluginObjects.Plugin("d", @namespace: "istio-system"));
        Assert.Equal(
            ["shop/z", "shop/high", "shop/a", "shop/b", "shop/low", "shop/c", "istio-system/d", "shop/d"],
            mesh.Workloads[Reviews.Name].Plugins.Select(p => p.Plugin.Name.ToString()));
    }

    [Fact]
    public void A_plugin_is_for_the_proxies_with_its_labels_in_its_namespace_or_in_all_from_the_root()
    {
        Assert.Equal("root,same", Names(Mesh(
            PluginObjects.Plugin("same", "reviews"), PluginObjects.Plugin("root", "reviews", @namespace: "istio-system"),
            PluginObjects.Plugin("others", "ratings"), PluginObjects.Plugin("elsewhere", "reviews", @namespace: "other"))));
    }

    [Theory]
    [InlineData("", true, true)]
    [InlineData("client", false, true)]
    [InlineData("server", true, false)]
    [InlineData("server 8080", true, false)]
    [InlineData("server 8081", false, false)]
    [InlineData("client, server 1", false, true)]
    public void The_match_says_in_which_direction_requests_pass(string match, bool inbound, bool outbound)
    {
        var parts = match.Split(", ", StringSplitOptions.RemoveEmptyEntries).Select(part => part.Split(' ')).Select(words =>
        {
            int[] ports = [.. words.Skip(1).Select(int.Parse)];
            return words[0] == "client" ? PluginObjects.Client(ports) : PluginObjects.Server(ports);
        });
        var use = Mesh(PluginObjects.Plugin("p", match: [.. parts])).Workloads[Reviews.Name].Plugins.FirstOrDefault();
        Assert.Equal((inbound, outbound), (use?.Inbound ?? false, use?.Outbound ?? false));
    }

    [Fact]
    public void A_gateway_has_the_plugins_of_its_labels_its_name_and_those_that_name_it()
    {
        var byName = PluginObjects.Plugin("name") with { Selector = Labels(("gateway.networking.k8s.io/gateway-name", "web")) };
        var byReference = PluginObjects.Plugin("reference") with { Gateways = ["web"] };
        var mesh = Mesh(
            PluginObjects.Plugin("label", "edge"), byName, byReference, PluginObjects.Plugin("server", "edge", match: PluginObjects.Server()),
            PluginObjects.Plugin("port", "edge", match: PluginObjects.Client(81)), PluginObjects.Plugin("other", "reviews"), byReference with { Name = new("x", "foreign") });
        Assert.Equal(
            ["label 80,81", "name 80,81", "port 81", "reference 80,81"],
            mesh.Gateways[Web.Name].Plugins.Select(p => $"{p.Plugin.Name.Name} {string.Join(',', p.Ports)}"));
    }

    [Fact]
    public void A_plugin_that_is_for_nobody_and_one_for_ports_that_senders_do_not_know_are_told()
    {
        var (_, diagnostics, status) = MeshComposer.Compose(
            Of(Reviews).With(PluginObjects.Plugin("lost", "nobody"), PluginObjects.Plugin("ports", match: PluginObjects.Client(80))));
        Assert.Equal(["WEFT2018", "WEFT2017"], diagnostics.Select(d => d.Code));
        Assert.Contains(status, s => s.ToString() == "WasmPlugin shop/lost: not Accepted (TargetNotFound)");
        Assert.Contains(status, s => s.ToString() == "WasmPlugin shop/ports: Accepted");
    }

    [Fact]
    public void A_plugin_whose_module_has_not_come_runs_nowhere_and_is_told_of_all_the_same()
    {
        var (mesh, diagnostics, _) = MeshComposer.Compose(Of(Reviews).With(PluginObjects.Plugin("late") with { Module = null }));
        Assert.Empty(mesh.Workloads[Reviews.Name].Plugins);
        Assert.Empty(diagnostics);
    }

    [Fact]
    public void Other_bytes_are_another_mesh_and_an_unrelated_change_leaves_what_is_not_concerned()
    {
        var plugin = PluginObjects.Plugin("p", "reviews");
        var other = Workload("ratings", null) with { OutboundPort = 9100 };
        var first = MeshComposer.Compose(Of(Reviews, other).With(plugin));
        var changed = plugin with { Module = PluginModule.Of([.. PluginObjects.Module(mark: 1)]) };
        var second = MeshComposer.Compose(Of(Reviews, other).With(changed), first);
        Assert.NotEqual(first.Snapshot.Version, second.Snapshot.Version);
        Assert.Same(first.Snapshot.Workloads[other.Name], second.Snapshot.Workloads[other.Name]);
        Assert.NotSame(first.Snapshot.Workloads[Reviews.Name], second.Snapshot.Workloads[Reviews.Name]);

        var third = MeshComposer.Compose(Of(Reviews, other, Service("s", 80)).With(changed), second);
        Assert.Same(second.Snapshot.Workloads[Reviews.Name].Plugins[0].Plugin, third.Snapshot.Workloads[Reviews.Name].Plugins[0].Plugin);
        Assert.Equal(
            second.Snapshot.Version, MeshComposer.Compose(Of(Reviews, other).With(changed)).Snapshot.Version);
    }

    private static ListenerConfig Listener(string name, int port) =>
        new(name, port, ListenerProtocol.Http, null, [], new("Same", Labels()), [RouteKind.Http], Where);

    private static MeshSnapshot Mesh(params WasmPluginConfig[] plugins) =>
        MeshComposer.Compose(Of(Reviews, Web).With(plugins)).Snapshot;

    private static string Names(MeshSnapshot mesh) =>
        string.Join(',', mesh.Workloads[Reviews.Name].Plugins.Select(p => p.Plugin.Name.Name));
}
