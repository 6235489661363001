using System.Net;
using Envoy.Config.Route.V3;
using Weft.Testing;
using Weft.Wasm.Tags;

namespace Weft.Tests.Proxy.Plugins;

/// <summary>A plugin colours requests, and the colour decides the route of the same request.</summary>
public sealed class PluginColourTests
{
    private const string Tag = "x-envoy-flow-tag";

    [Fact]
    public async Task The_smallest_plugin_sends_gold_customers_to_the_canary()
    {
        await using var mesh = await StartAsync(PluginSources.OneHeader, "");
        Assert.Equal("canary", (await mesh.GetAsync(headers: h => h.Add("x-user-tier", "gold"))).Body);
        Assert.Equal("stable", (await mesh.GetAsync(headers: h => h.Add("x-user-tier", "silver"))).Body);
        Assert.Equal("stable", (await mesh.GetAsync()).Body);
    }

    [Fact]
    public async Task TrafficTag_colours_by_its_rules()
    {
        await using var mesh = await StartAsync(PluginSources.TrafficTag, Rules("1"));
        Assert.Equal("canary", (await mesh.GetAsync(headers: h => h.Add("cookie", "a=b; beta=1"))).Body);
        Assert.Equal("stable", (await mesh.GetAsync(headers: h => h.Add("cookie", "beta=2"))).Body);
    }

    [Fact]
    public async Task Its_configuration_changes_while_requests_run_and_none_fails()
    {
        await using var mesh = await StartAsync(PluginSources.TrafficTag, Rules("0"));
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var callers = Enumerable.Range(0, 4).Select(_ => CallAsync(mesh, ending.Token)).ToList();
        for (var i = 1; i <= 6; i++)
        {
            await mesh.ChangeAsync(PluginMesh.Plugin(PluginSources.TrafficTag, Rules($"{i}")));
            await Eventually.GetAsync(
                $"version {i}", async _ => (await mesh.GetAsync(headers: h => h.Add("cookie", $"beta={i}"))).Body, b => b == "canary",
                cancellation: TestContext.Current.CancellationToken);
        }

        await ending.CancelAsync();
        var counts = await Task.WhenAll(callers);
        Assert.All(counts, c => Assert.Equal(0, c.Failed));
        Assert.True(counts.Sum(c => c.Good) > 6);
    }

    [Fact]
    public async Task A_bad_configuration_is_rejected_and_the_former_one_stays()
    {
        await using var mesh = await StartAsync(PluginSources.TrafficTag, Rules("1"));
        Assert.Contains(
            "proxy_on_configure returned false",
            await mesh.RejectedAsync(PluginMesh.Plugin(PluginSources.TrafficTag, "{\"rules\": 1}")), StringComparison.Ordinal);
        Assert.Equal("canary", (await mesh.GetAsync(headers: h => h.Add("cookie", "beta=1"))).Body);
        await mesh.ChangeAsync(PluginMesh.Plugin(PluginSources.TrafficTag, Rules("2")));
        Assert.Equal("stable", (await mesh.GetAsync(headers: h => h.Add("cookie", "beta=1"))).Body);
    }

    private static string Rules(string beta)
    {
        var rules = $$"""
            {"role": "sidecar", "rules": [
              {"tag": "canary", "conditions": [{"from": "cookie", "key": "beta", "is": "equal", "value": "{{beta}}"}]}]}
            """;
        return TagConfiguration.TryCompile(rules, out var compiled, out _) ? compiled : "";
    }

    private static Task<Mesh> StartAsync(byte[] module, string configuration)
    {
        var canary = Resources.To("canary");
        canary.Match.Headers.Add(new HeaderMatcher { Name = Tag, StringMatch = new() { Exact = "canary" } });
        return PluginMesh.StartAsync(
            PluginMesh.Plugin(module, configuration),
            Resources.Routes("r", canary, Resources.To("stable")),
            ("canary", mesh => mesh.ServeAsync("canary")),
            ("stable", mesh => mesh.ServeAsync("stable")));
    }

    private static async Task<(int Good, int Failed)> CallAsync(Mesh mesh, CancellationToken ending)
    {
        var (good, failed) = (0, 0);
        while (!ending.IsCancellationRequested)
        {
            var status = (await mesh.GetAsync(headers: h => h.Add("cookie", "beta=3"))).Status;
            _ = status == HttpStatusCode.OK ? good++ : failed++;
        }

        return (good, failed);
    }
}
