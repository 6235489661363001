using System.Collections.Immutable;
using System.Net;
using Weft.Flow;
using Weft.Manifests;
using Weft.Manifests.Modules;
using Weft.Model;
using Weft.Testing;
using Weft.Tests.Manifests;
using Weft.Tests.Model;

namespace Weft.Tests.Plugins;

public sealed class PluginStateTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private static CancellationToken Test => TestContext.Current.CancellationToken;

    [Fact]
    public void The_last_good_module_and_its_settings_stay_together_until_the_next_good_one()
    {
        var first = Wasm.Plugin("p") with { Settings = "1", Module = null };
        var second = first with { Settings = "2" };
        var good = PluginState.Empty.Step(Of(first), plugin => ModuleReading.Of(plugin, [.. Wasm.Loadable()]));
        var pending = good.Step(Of(second), _ => null);
        var bad = pending.Step(Of(second), plugin => ModuleReading.Of(plugin, [1, 2, 3]));
        Assert.Same(good.Snapshot.Objects.Plugins[0], pending.Snapshot.Objects.Plugins[0]);
        Assert.Same(good.Snapshot.Objects.Plugins[0], bad.Snapshot.Objects.Plugins[0]);
        Assert.Equal(["WEFT1302"], bad.Snapshot.Diagnostics.Select(d => d.Code));
        var next = bad.Step(Of(second), plugin => ModuleReading.Of(plugin, [.. Wasm.Loadable(mark: 1)]));
        Assert.Equal("2", next.Snapshot.Objects.Plugins[0].Settings);
        Assert.Empty(next.Snapshot.Diagnostics);
        Assert.Empty(next.Step(Of(), _ => null).Snapshot.Objects.Plugins);
    }

    [Fact]
    public void The_same_again_is_the_same_object()
    {
        var plugin = Wasm.Plugin("p") with { Module = null };
        var once = PluginState.Empty.Step(Of(plugin), p => ModuleReading.Of(p, [.. Wasm.Loadable()]));
        var twice = once.Step(Of(plugin), p => ModuleReading.Of(p, [.. Wasm.Loadable()]));
        Assert.Equal(once.Snapshot.Objects.Plugins, twice.Snapshot.Objects.Plugins);
    }

    [Fact]
    public void A_wrong_checksum_is_told_with_the_right_one()
    {
        var wanted = new string('0', 64);
        var error = ModuleReading.Of(Wasm.Plugin("p") with { Sha256 = wanted }, [.. Wasm.Loadable()]).Error!;
        Assert.Equal("WEFT1302", error.Code);
        Assert.Contains(PluginModule.Of([.. Wasm.Loadable()]).Sha256, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_module_that_proxies_would_not_load_stays_where_it_is()
    {
        var error = ModuleReading.Of(Wasm.Plugin("p"), [.. Wasm.Module()]).Error!;
        Assert.Equal("WEFT1303", error.Code);
        Assert.Contains("WasmPlugin shop/p, '/p.wasm': WEFT6110: ", error.Message, StringComparison.Ordinal);
        Assert.NotNull(error.Fix);
    }

    [Fact]
    public void A_check_of_a_folder_reads_its_modules()
    {
        File.WriteAllBytes(_folder.PathOf("good.wasm"), Wasm.Loadable());
        _folder.Write("plugins.yaml", Manifest("good") + "---\n" + Manifest("missing"));
        var snapshot = ManifestSource.Read([_folder.Path], TimeProvider.System);
        var error = Assert.Single(snapshot.Diagnostics);
        Assert.Equal(("WEFT1301", 11, 8), (error.Code, error.Where!.Line, error.Where.Column));
        Assert.Equal([true, false], snapshot.Objects.Plugins.Select(p => p.Module is not null));
    }

    [Fact]
    public async Task A_change_of_the_file_is_a_change_of_the_plugin()
    {
        File.WriteAllBytes(_folder.PathOf("tag.wasm"), Wasm.Loadable());
        var manifests = new Latest<ManifestSnapshot>(Parsed(Manifest("tag")));
        using var source = new PluginSource(manifests, TimeProvider.System);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Test);
        var running = source.RunAsync(stop.Token);
        var first = await NextAsync(source, _ => true);
        Replace("tag.wasm", Wasm.Loadable(mark: 7));
        var second = await NextAsync(source, module => module.Sha256 != first.Sha256);
        Assert.Equal(PluginModule.Of([.. Wasm.Loadable(mark: 7)]), second);
        Assert.Same(second, source.Shelf.Find(second.Sha256));
        Assert.NotNull(source.Shelf.Find(first.Sha256));
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    [Fact]
    public async Task A_module_is_fetched_once_for_each_manifest()
    {
        using var http = new FakeWeb { Body = Wasm.Loadable() };
        var manifests = new Latest<ManifestSnapshot>(Parsed(Manifest("tag", "http://modules.test/tag.wasm")));
        using var source = new PluginSource(manifests, TimeProvider.System, new(http, TimeProvider.System));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Test);
        var running = source.RunAsync(stop.Token);
        await NextAsync(source, _ => true);
        http.Body = Wasm.Loadable(mark: 3);
        manifests.Set(manifests.Value with { Diagnostics = [Diagnostic.Warning("WEFT1013", Mesh.Where, "", "")] });
        await Eventually.GetAsync("the manifests", _ => Task.FromResult(source.Snapshot.Value), s => !s.Diagnostics.IsEmpty, cancellation: Test);
        Assert.Equal(1, http.Requests);
        manifests.Set(Parsed(Manifest("tag", "http://modules.test/tag.wasm") + "  priority: 1\n"));
        await NextAsync(source, module => module.Equals(PluginModule.Of([.. Wasm.Loadable(mark: 3)])));
        Assert.Equal(2, http.Requests);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    [Theory]
    [InlineData(500, 12, "WEFT1301")]
    [InlineData(200, ModuleReading.MaxSize + 1, "WEFT1302")]
    public async Task What_cannot_be_fetched_says_why(int status, int length, string code)
    {
        using var http = new FakeWeb { Status = (HttpStatusCode)status, Body = new byte[length] };
        var plugin = Wasm.Plugin("p") with { Url = new(null, new("http://modules.test/"), Mesh.Where) };
        Assert.Equal(code, (await new ModuleFetch(http, TimeProvider.System).FetchAsync(plugin, Test)).Error!.Code);
    }

    public void Dispose() => _folder.Dispose();

    private static ManifestSnapshot Of(params ImmutableArray<WasmPluginConfig> plugins) =>
        new(MeshObjects.Empty with { Plugins = plugins }, [], true);

    private static string Manifest(string name, string? url = null) => $$"""
        apiVersion: extensions.istio.io/v1alpha1
        kind: WasmPlugin
        metadata: {name: {{name}}}
        spec:
          url: {{url ?? $"file://{name}.wasm"}}

        """;

    private static Task<PluginModule> NextAsync(PluginSource source, Func<PluginModule, bool> isIt) => Eventually.GetAsync(
        "a module", _ => Task.FromResult(source.Snapshot.Value.Objects.Plugins.FirstOrDefault()?.Module!),
        module => module is not null && isIt(module), cancellation: Test);

    private ManifestSnapshot Parsed(string text) =>
        new(MeshObjects.Empty with
        {
            Plugins = [.. Decoded.File(text, _folder.PathOf("a.yaml")).Documents.Select(d => d.Config).OfType<WasmPluginConfig>()],
        }, [], true);

    private void Replace(string file, byte[] content)
    {
        File.WriteAllBytes(_folder.PathOf($".{file}"), content);
        File.Move(_folder.PathOf($".{file}"), _folder.PathOf(file), overwrite: true);
    }

    private sealed class FakeWeb() : HttpMessageInvoker(new Handler())
    {
        private int _requests;

        public HttpStatusCode Status { get; set; } = HttpStatusCode.OK;

        public byte[] Body { get; set; } = [];

        public int Requests => _requests;

        public override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _requests);
            return Task.FromResult(new HttpResponseMessage(Status) { Content = new ByteArrayContent(Body) });
        }

        private sealed class Handler : HttpMessageHandler
        {
            protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
                throw new InvalidOperationException();
        }
    }
}
