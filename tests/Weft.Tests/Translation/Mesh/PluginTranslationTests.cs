using System.Text.Json;
using System.Text.Json.Nodes;
using Envoy.Config.Core.V3;
using Envoy.Config.Listener.V3;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Weft.ControlPlane;
using Weft.Model;
using Weft.Testing;
using Weft.Tests.Plugins;
using Weft.Translation;
using Weft.Translation.Validation;
using Weft.Xds;
using static Weft.Tests.Model.Mesh;
using Filter = Envoy.Extensions.Filters.Http.Wasm.V3.Wasm;

namespace Weft.Tests.Translation.Mesh;

/// <summary>What proxies get of plugins.</summary>
public sealed class PluginTranslationTests
{
    private static readonly JsonFormatter Formatter = new(JsonFormatter.Settings.Default
        .WithPreserveProtoFieldNames(true).WithTypeRegistry(TypeRegistry.FromFiles(EnvoyApi.EnvoyApi.Files)));

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    private static readonly WorkloadConfig Client = Workload("client", null) with { InboundPort = 9000, OutboundPort = 9001 };

    [Fact]
    public void A_plugin_is_a_resource_and_its_name_stands_first_in_the_listeners_whose_requests_pass_it()
    {
        var inline = PluginObjects.Plugin("tag", phase: PluginPhase.Authorization, strategy: FailStrategy.Open, match: PluginObjects.Client()) with
        {
            Settings = """{"header":"x-user"}""",
            Environment = new(Labels(("A", "1")), ["HOME"]),
            RootId = "root",
        };
        var messages = Messages(inline, PluginObjects.Plugin("large", padding: 64 << 10));
        Golden.Matches(
            string.Concat(messages.Select(m => JsonNode.Parse(Formatter.Format(m))!.ToJsonString(Indented) + "\n")), "golden/plugins.json");
        Assert.Empty(messages.SelectMany(m => EnvoyRules.Check(m)));
    }

    [Fact]
    public void Other_settings_are_no_change_of_a_listener()
    {
        var plugin = PluginObjects.Plugin("p", padding: 70_000);
        Assert.Equal(ListenersOf(plugin), ListenersOf(plugin with { Settings = "{}", FailStrategy = FailStrategy.Reload }));
        Assert.NotEqual(ResourceOf(plugin), ResourceOf(plugin with { Settings = "{}" }));
    }

    [Fact]
    public void Other_bytes_are_a_change_of_a_listener_only_where_they_are_fetched()
    {
        var (small, large) = (PluginObjects.Plugin("p"), PluginObjects.Plugin("p", padding: 70_000));
        Assert.Equal(ListenersOf(small), ListenersOf(small with { Module = PluginModule.Of([.. PluginObjects.Module(mark: 1)]) }));
        Assert.NotEqual(ListenersOf(large), ListenersOf(large with { Module = PluginModule.Of([.. PluginObjects.Module(70_000, mark: 1)]) }));
    }

    [Fact]
    public void A_plugin_that_is_started_anew_says_so_in_a_field_that_is_younger_than_the_API()
    {
        var wasm = ResourceOf(PluginObjects.Plugin("p", strategy: FailStrategy.Reload)).TypedConfig.Unpack<Filter>();
        // failure_policy = 7, FAIL_RELOAD = 1.
        Assert.Contains((7 << 3, 1), wasm.Config.ToByteArray().Zip(wasm.Config.ToByteArray().Skip(1), (a, b) => ((int)a, (int)b)));
        Assert.False(wasm.Config.FailOpen);
    }

    [Fact]
    public void A_publication_with_a_plugin_leads_nowhere_unknown()
    {
        var mesh = MeshComposer.Compose(Of(Client).With(PluginObjects.Plugin("p", padding: 70_000))).Snapshot;
        var publication = Publication.None.Next(mesh, []);
        Assert.Empty(publication.Diagnostics);
        Assert.Single(publication.Groups.For("sidecar/client.shop")!.Of(TypeUrl.ExtensionConfig).All);
    }

    [Fact]
    public void A_plugin_of_a_port_without_HTTP_is_not_sent()
    {
        var tcp = new ServicePortConfig("tcp", 5432, 5432, AppProtocol.Tcp);
        var service = Service("db", 1) with { Ports = [tcp] };
        var workload = Workload("db", "db", app: 5432) with { InboundPort = 9000 };
        var mesh = MeshComposer.Compose(Of(service, workload).With(PluginObjects.Plugin("p"))).Snapshot;
        Assert.Empty(new MeshTranslation(mesh).For(new ProxyClass.Sidecar(workload.Name)).OfType<TypedExtensionConfig>());
    }

    private static List<IMessage> Messages(params WasmPluginConfig[] plugins)
    {
        var mesh = MeshComposer.Compose(Of(Client).With(plugins)).Snapshot;
        return [.. new MeshTranslation(mesh).For(new ProxyClass.Sidecar(Client.Name)).Where(m => m is TypedExtensionConfig or Listener)];
    }

    private static TypedExtensionConfig ResourceOf(WasmPluginConfig plugin) => Assert.Single(Messages(plugin).OfType<TypedExtensionConfig>());

    private static IEnumerable<Listener> ListenersOf(WasmPluginConfig plugin) => Messages(plugin).OfType<Listener>();
}
