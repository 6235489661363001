using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using Weft.Admin;
using Weft.EndToEnd.Tests.Stage;
using Weft.Testing;

namespace Weft.EndToEnd.Tests;

/// <summary>Plugins come, change and fail, and no request fails for it.</summary>
public sealed class PluginTests : IAsyncDisposable
{
    private readonly Mesh _mesh = new();
    private readonly HttpClient _http = new();

    [Theory]
    [InlineData(DataPlaneKind.Envoy, "Unable to create Wasm plugin shop.tag")]
    [InlineData(DataPlaneKind.Embedded, "proxy_on_configure returned false")]
    public async Task Settings_of_a_small_plugin_change_without_a_change_of_a_listener_and_bad_ones_leave_the_old(
        DataPlaneKind kind, string refusal)
    {
        await StartAsync(kind);
        await using var load = Load.Start(_mesh.Caller, "reviews");
        await WriteModuleAsync("tag.wasm", TinyPlugin.Small);
        Plugin("tag", "pluginConfig: {a: 1}");
        var seen = await SeesAsync("x-tag: {\"a\":1}");
        Assert.Contains("\nx-class: sidecar", seen, StringComparison.Ordinal);
        Assert.Contains("\nx-direction: 2", seen, StringComparison.Ordinal);
        var listeners = await ListenerUpdatesAsync();
        for (var i = 2; i < 6; i++)
        {
            Plugin("tag", $"pluginConfig: {{a: {i}}}");
            await SeesAsync($"x-tag: {{\"a\":{i}}}");
        }

        Plugin("tag", "pluginConfig: {x: 1}");
        await ShownAsync("rejected", refusal);
        Assert.Contains(
            $"{Mesh.Client} rejected plugin shop/tag, and keeps its last good version: ",
            await WeftProgram.OutputAsync("status", "--server", $"http://{_mesh.Control.Admin}"), StringComparison.Ordinal);
        await load.MoreAsync("reviews", 50);
        await SeesAsync("x-tag: {\"a\":5}");
        Plugin("tag", "pluginConfig: {a: 7}");
        await SeesAsync("x-tag: {\"a\":7}");
        await ShownAsync("synced");
        Assert.Equal(listeners, await ListenerUpdatesAsync());

        _mesh.Delete("tag");
        await SeesAsync("x-tag", isWanted: false);
        await load.NoneFailedAsync();
    }

    [Theory]
    [InlineData(DataPlaneKind.Envoy, "Unable to create Wasm plugin shop.metric")]
    [InlineData(DataPlaneKind.Embedded, "proxy_on_configure returned false")]
    public async Task A_large_module_is_fetched_from_the_control_plane_before_requests_meet_it(DataPlaneKind kind, string refusal)
    {
        var module = Peers.RequireFile("wasm/header_metric.wasm");
        await StartAsync(kind);
        await using var load = Load.Start(_mesh.Caller, "reviews");
        Plugin("metric", "", module);
        await SeesAsync("x-plugin: header_metric");

        // It takes lines of text, and none of JSON.
        Plugin("metric", "pluginConfig: {a: 1}", module);
        await ShownAsync("rejected", refusal);
        await load.MoreAsync("reviews", 50);
        await SeesAsync("x-plugin: header_metric");
        Plugin("metric", "priority: 1", module);
        await ShownAsync("synced");

        // Another module under the same name is fetched while the former one serves.
        await WriteModuleAsync("large.wasm", TinyPlugin.Large());
        Plugin("metric", "pluginConfig: {a: 1}", _mesh.Control.Manifests.PathOf("large.wasm"));
        Assert.DoesNotContain("x-plugin", await SeesAsync("x-tag: {\"a\":1}"), StringComparison.Ordinal);
        await WriteModuleAsync("large.wasm", TinyPlugin.Large(80_000));
        await _mesh.Control.NodeAsync(Mesh.Client, p => p.State == "synced");
        await SeesAsync("x-tag: {\"a\":1}");
        await load.NoneFailedAsync();
    }

    [Fact]
    public async Task A_module_is_served_by_its_hash_and_nothing_else_is()
    {
        await StartAsync(DataPlaneKind.Embedded);
        await WriteModuleAsync("tag.wasm", TinyPlugin.Small);
        Plugin("tag", "failStrategy: FAIL_OPEN");
        var hash = Convert.ToHexStringLower(SHA256.HashData(TinyPlugin.Small));
        using var module = await Eventually.GetAsync(
            "the module", _ => ModuleAsync(hash), r => r.StatusCode == HttpStatusCode.OK, cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(TinyPlugin.Small, await module.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
        Assert.Equal("public, max-age=31536000, immutable", module.Headers.CacheControl!.ToString());
        Assert.Equal("application/wasm", module.Content.Headers.ContentType!.ToString());
        Assert.Equal(HttpStatusCode.NotModified, (await ModuleAsync(hash, module.Headers.ETag)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await ModuleAsync(hash.Replace(hash[0], hash[0] == '0' ? '1' : '0'))).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await ModuleAsync("..%2F..%2Fetc%2Fpasswd")).StatusCode);
    }

    [Theory]
    [InlineData(DataPlaneKind.Envoy)]
    [InlineData(DataPlaneKind.Embedded)]
    public async Task A_plugin_may_ask_others_before_a_request_goes_on(DataPlaneKind kind)
    {
        var module = Peers.RequireFile("wasm/http_callout.wasm");
        await StartAsync(kind);
        await using var auth = await Application.StartAsync("auth");
        _mesh.Control.Resources.Write("auth.yaml", Raw.File(Raw.Cluster("auth", auth.Port)));
        Plugin("callout", "match: [{mode: CLIENT}]", module);
        await Eventually.GetAsync(
            "a question", async _ => (await _mesh.Caller.GetAsync("reviews"), auth.View.Value.Requests), s => s.Requests > 0,
            cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, (await _mesh.Caller.GetAsync("reviews")).Status);
        auth.View.Update(view => view with { Failing = 1 });
        Assert.Equal(HttpStatusCode.Forbidden, (await _mesh.Caller.GetAsync("reviews")).Status);
    }

    public ValueTask DisposeAsync()
    {
        _http.Dispose();
        return _mesh.DisposeAsync();
    }

    /// <summary>How often the proxy has taken listeners, by the name that both kinds show.</summary>
    private async Task<string> ListenerUpdatesAsync() =>
        (await _mesh.Proxy.PageAsync("/stats/prometheus")).Split('\n')
            .Single(l => l.StartsWith("envoy_listener_manager_lds_update_success{", StringComparison.Ordinal));

    private async Task StartAsync(DataPlaneKind kind)
    {
        await _mesh.WithAsync("reviews");
        await _mesh.StartAsync(kind, "reviews", drainSeconds: 5);
    }

    private async Task<HttpResponseMessage> ModuleAsync(string hash, EntityTagHeaderValue? known = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri($"http://{_mesh.Control.Xds}/wasm/{hash}"))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        if (known is not null)
        {
            request.Headers.IfNoneMatch.Add(known);
        }

        return await _http.SendAsync(request, TestContext.Current.CancellationToken);
    }

    /// <param name="more">A line of the spec.</param>
    private void Plugin(string name, string more, string? module = null) => _mesh.Write(name, $$"""
        apiVersion: extensions.istio.io/v1alpha1
        kind: WasmPlugin
        metadata: {name: {{name}}, namespace: shop}
        spec:
          url: file://{{module ?? $"{name}.wasm"}}
          {{more}}

        """);

    private async Task WriteModuleAsync(string file, byte[] module)
    {
        await File.WriteAllBytesAsync(_mesh.Control.Manifests.PathOf($".{file}"), module, TestContext.Current.CancellationToken);
        File.Move(_mesh.Control.Manifests.PathOf($".{file}"), _mesh.Control.Manifests.PathOf(file), overwrite: true);
    }

    /// <summary>Awaits that the application sees a header, or no longer; what it sees then.</summary>
    private async Task<string> SeesAsync(string header, bool isWanted = true) => (await Eventually.GetAsync(
        $"{(isWanted ? "" : "no ")}{header}", _ => _mesh.Caller.GetAsync("reviews", "/headers"),
        answer => answer.Body.Contains($"\n{header}", StringComparison.Ordinal) == isWanted,
        cancellation: TestContext.Current.CancellationToken)).Body;

    private async Task ShownAsync(string state, string? error = null)
    {
        PluginView? Of(StatusView status) => status.Proxies.FirstOrDefault(p => p.Node == Mesh.Client)?.Plugins.FirstOrDefault();
        var status = await _mesh.Control.StatusAsync($"a plugin that is {state}", s => Of(s)?.State == state);
        Assert.Contains(error ?? "", Of(status)!.Error ?? "", StringComparison.Ordinal);
    }
}
