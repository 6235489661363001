using Weft.Model;
using Weft.Preview;
using Weft.Testing;
using static Weft.Tests.Preview.PreviewScene;

namespace Weft.Tests.Preview;

/// <summary>Changes of one mesh, told whole in golden files.</summary>
public sealed class PreviewReportTests
{
    private const string SliceEnd = "  - addresses: [10.0.0.2]\n";
    private const string NewRule = "    - matches: [{path: {type: PathPrefix, value: /new}}]\n      backendRefs: [{name: catalog-v2, port: 80}]\n";
    private const string LastRule = "    - backendRefs:\n        - {name: catalog-v1, port: 80, weight: 90}\n";

    public static TheoryData<string, string, string, string> Changes => new()
    {
        { "nothing", "kind: Service\n", "kind: Service # the same\n", "none" },
        { "weights", "weight: 90}\n        - {name: catalog-v2, port: 80, weight: 10}", "weight: 70}\n        - {name: catalog-v2, port: 80, weight: 30}", "low" },
        { "endpoint-leaves", SliceEnd, "", "low" },
        { "endpoint-joins", SliceEnd, SliceEnd + "  - addresses: [10.0.0.3]\n", "low" },
        { "endpoints-all-leave", "  - addresses: [10.0.0.1]\n" + SliceEnd, "  - addresses: [10.0.0.1]\n    conditions: {ready: false}\n", "high" },
        { "route-added", "  rules:\n", "  rules:\n    - matches: [{path: {type: Exact, value: /top}, headers: [{name: x-env, value: test}]}]\n      backendRefs: [{name: catalog-v2, port: 80}]\n", "low" },
        { "route-removed", NewRule, "", "high" },
        { "route-replaced", "type: PathPrefix, value: /new", "type: Exact, value: /new", "high" },
        { "backend-replaced", NewRule, NewRule.Replace("catalog-v2", "catalog-v1", StringComparison.Ordinal), "low" },
        { "headers", LastRule, LastRule.Replace("- backendRefs:\n", "- filters: [{type: RequestHeaderModifier, requestHeaderModifier: {set: [{name: x-set, value: 100%}], add: [{name: x-add, value: a}], remove: [x-gone]}}]\n      backendRefs:\n", StringComparison.Ordinal), "low" },
        { "timeouts", LastRule, LastRule.Replace("- backendRefs:\n", "- timeouts: {request: 5s, backendRequest: 500ms}\n      backendRefs:\n", StringComparison.Ordinal), "low" },
        { "missing-backend", "name: catalog-v1, port: 80, weight: 90", "name: nobody, port: 80, weight: 90", "high" },
        { "service-removed", "kind: Service\nmetadata: {name: reviews, namespace: shop}\nspec: {ports: [{name: http, port: 9080}]}\n---\napiVersion: discovery.k8s.io/v1\n", "kind: ConfigMap\n---\napiVersion: discovery.k8s.io/v1\n", "high" },
        { "service-added", "metadata: {name: reviews, namespace: shop}\nspec: {ports: [{name: http, port: 9080}]}\n", "metadata: {name: reviews, namespace: shop}\nspec: {ports: [{name: http, port: 9080}]}\n---\napiVersion: v1\nkind: Service\nmetadata: {name: ratings, namespace: shop}\nspec: {ports: [{name: http, port: 80}]}\n", "low" },
        { "listener-moves", "address: 10.0.1.3, outboundPort: 9301", "address: 10.0.1.3, outboundPort: 9302", "high" },
        { "listener-removed", "address: 10.0.1.3, outboundPort: 9301", "address: 10.0.1.3", "high" },
        { "protocol", "metadata: {name: catalog-v2, namespace: shop}\nspec: {ports: [{name: http, port: 80}]}", "metadata: {name: catalog-v2, namespace: shop}\nspec: {ports: [{name: http, port: 80, appProtocol: kubernetes.io/h2c}]}", "low" },
        { "workload-removed", "kind: Workload\nmetadata: {name: v2, namespace: shop}\nspec: {service: catalog-v2, address: 10.0.1.2, appPort: 8080, inboundPort: 9202}\n", "kind: ConfigMap\n", "high" },
        { "mistake", "weight: 90", "weight: many", "invalid" },
    };

    [Theory, MemberData(nameof(Changes))]
    public void A_change_is_told_in_words_with_its_risk(string name, string before, string after, string risk)
    {
        var report = PreviewScene.Preview(Base, Changed(before, after));
        Golden.Matches(PreviewText.Of(report), $"golden/{name}.txt");
        Assert.Equal(risk, report.Verdict.Name);
        Assert.Equal(risk switch { "high" => 3, "invalid" => 1, _ => 0 }, report.Verdict.ExitCode);
    }

    [Theory, MemberData(nameof(Changes))]
    public void The_undo_of_a_change_restores_what_was_and_shows_the_reverse(string name, string before, string after, string risk)
    {
        Assert.NotEmpty(name);
        var (files, view) = UndoFolder.Plan("undo", Files(Base), InForce(Base));
        Assert.True(view.Exact);
        Assert.Equal(["mesh.yaml"], view.Files);

        var changed = Changed(before, after);
        var (forth, back) = (PreviewScene.Preview(Base, changed), PreviewScene.Preview(changed, files[0].Text));
        if (risk != "invalid")
        {
            Assert.Equal(Told(forth, ChangeKind.Added, ChangeKind.Removed), Told(back, ChangeKind.Removed, ChangeKind.Added));
        }
    }

    [Fact]
    public void Proxies_that_are_not_connected_are_all_that_could_be()
    {
        var (served, planned) = (InForce(Base), InForce(Changed("weight: 90", "weight: 80")));
        var report = PreviewReport.Of(new(served, planned, MeshSnapshot.Empty, [], [], []));
        Assert.Equal(["checkout.shop", "frontend.shop"], Assert.Single(report.Groups).Nodes);
        Assert.StartsWith("No proxy is connected", PreviewText.Of(report), StringComparison.Ordinal);
    }

    [Fact]
    public void A_gRPC_client_is_told_its_own_changes()
    {
        var (served, planned) = (InForce(Base), InForce(Changed("weight: 90", "weight: 10")));
        var report = PreviewReport.Of(new(served, planned, MeshSnapshot.Empty, [Grpc], [], []));
        var change = Assert.Single(Assert.Single(report.Groups).Changes);
        Assert.Equal(["catalog: 90 % → 50 % to catalog-v1, 10 % → 50 % to catalog-v2 (every request)"], change.Lines);
    }

    [Fact]
    public void A_mistake_that_is_in_force_already_keeps_what_it_keeps()
    {
        var broken = Changed("weight: 90", "weight: many");
        var report = PreviewScene.Preview(Base, broken);
        Assert.Empty(report.Groups);
        Assert.Contains(report.Diagnostics, d => d.Where?.File == "next/mesh.yaml");
    }

    private static ConnectedProxy Grpc { get; } = new("client.shop", "grpc/shop", "grpc", "gRPC Node.js");

    private static IEnumerable<string> Told(PreviewReport report, ChangeKind added, ChangeKind removed) =>
        report.Groups.SelectMany(g => g.Changes.Select(c =>
            $"{string.Join(',', g.Nodes)} {(c.Kind == added ? "+" : c.Kind == removed ? "-" : "~")} {c.Type} {c.Name}"))
            .Order(StringComparer.Ordinal);
}
