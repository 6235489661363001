using System.Net;
using Envoy.Config.Route.V3;
using Weft.EndToEnd.Tests.Stage;
using Weft.Manifests;
using Weft.Model;
using Weft.Preview;
using Weft.Testing;
using Weft.Translation;

namespace Weft.EndToEnd.Tests;

/// <summary>What <c>weft route explain</c> says is what Envoy does, on routes that nobody thought of.</summary>
public sealed class ExplainTests : IAsyncDisposable
{
    private readonly Mesh _mesh = new();

    [Fact]
    [Trait(Soak.Trait, "true")]
    public async Task The_explanation_names_the_rule_that_Envoy_takes()
    {
        var seed = Soak.Seed();
        var random = new RandomRoutes(new Random(seed));
        var sets = Enumerable.Range(0, Soak.Runs(60, 1000)).ToDictionary(i => $"set-{i}", _ => random.Rules("a"));
        await _mesh.WithAsync("a");
        foreach (var (name, rules) in sets)
        {
            _mesh.Write(name, new RoutingCase(name, rules, null, []).Manifests);
        }

        await _mesh.StartAsync(DataPlaneKind.Envoy, "a");
        var routes = Outbound();
        foreach (var (name, rules) in sets)
        {
            for (var i = 0; i < 25; i++)
            {
                var request = random.Request();
                var said = RouteExplanation.Of(routes, new(
                    name, request.Method, request.Target, [.. request.Headers.Select(h => KeyValuePair.Create(h.Name, h.Value))]))
                    .Winner()?.Name.Split('/')[2];
                using var response = await _mesh.Caller.SendAsync(name, request);
                var done = response.StatusCode == HttpStatusCode.NotFound
                    ? null : Assert.Single(response.Headers.GetValues(RandomRoutes.RuleHeader));
                Assert.True(said == done, $"seed {seed}: {request.Text}\n{rules}\nsaid {said}, done {done}");
            }
        }
    }

    public ValueTask DisposeAsync() => _mesh.DisposeAsync();

    // The same manifests, read here: what the control plane makes of them for the client.
    private RouteConfiguration Outbound()
    {
        var state = ManifestSource.Read([_mesh.Control.Manifests.Path], TimeProvider.System);
        var mesh = MeshComposer.Compose(state.Objects).Snapshot;
        return new MeshTranslation(mesh).For(new ProxyClass.Sidecar(new("shop", "client"))).OfType<RouteConfiguration>().Single();
    }
}
