using Weft.Model;
using Weft.Testing;
using Weft.Translation;

namespace Weft.Tests.Routing;

/// <summary>Whole sets of manifests: what is said of each object, and which route the table and the explanation choose.</summary>
public sealed class GatewayCaseTests
{
    // What filters, endpoints and time decide, the table does not say.
    private static readonly string[] AfterTheTable = ["200", "503", "504"];

    public static TheoryData<string> Names => [.. GatewayCase.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void Objects_have_the_conditions_and_requests_the_outcomes_of_the_case(string name)
    {
        var @case = GatewayCase.Read(name, port => port, (_, _) => "-----BEGIN CERTIFICATE-----");
        var (mesh, _, status) = CompiledRoutes.Composed(@case.Manifests + Clients(@case));
        Assert.Equal(@case.Conditions, status.Select(s => s.ToString()));
        foreach (var request in @case.Requests)
        {
            var routes = RoutesOf(mesh, request);
            var (found, explained) = (routes.Found(request.Host, request.Exchange), routes.Explained(request.Host, request.Exchange));
            Assert.True(found == explained, $"{request.Exchange.Text}: {found}, {explained}");
            var outcome = routes.Outcome(request.Host, request.Exchange);
            Assert.True(
                AfterTheTable.Contains(request.Exchange.Outcome) || request.Outcomes.Contains(outcome), $"{request.Exchange.Text}: {outcome}");
        }
    }

    private static string Clients(GatewayCase @case) => string.Concat(@case.Requests.Where(r => !r.IsGateway).Select(r => r.Node).Distinct()
        .Select(n => $$"""
            ---
            apiVersion: weft.dev/v1alpha1
            kind: Workload
            metadata: {name: client, namespace: {{n["client.".Length..]}}}
            spec: {address: 127.0.0.1, outboundPort: 9000}

            """));

    private static CompiledRoutes RoutesOf(MeshSnapshot mesh, GatewayRequest request)
    {
        var node = new ObjectName(request.Node[(request.Node.IndexOf('.') + 1)..], request.Node[..request.Node.IndexOf('.')]);
        if (!mesh.Gateways.TryGetValue(node, out var gateway))
        {
            return CompiledRoutes.OfSidecar(mesh, node);
        }

        var name = $"gateway-{request.Port}";
        if (request.IsTls)
        {
            // Within TLS the name that the caller asks for chooses the listener.
            var listeners = gateway.Ports.Single(p => p.Port == request.Port).Listeners;
            name += $"-{listeners.Where(l => HostPattern.Covers(l.Host, request.Host)).MaxBy(l => HostPattern.Width(l.Host))!.Name}";
        }

        return new(new MeshTranslation(mesh).For(new ProxyClass.Gateway(node)), name);
    }
}
