using System.Runtime.CompilerServices;
using Envoy.Config.Core.V3;
using Envoy.Extensions.Filters.Http.Rbac.V3;
using Envoy.Extensions.Filters.Http.Wasm.V3;
using Envoy.Extensions.Filters.Network.HttpConnectionManager.V3;
using Envoy.Extensions.Wasm.V3;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Weft.Model;

namespace Weft.Translation;

/// <summary>
/// Plugins in Envoy's words: a listener names each by ECDS, and what it is stands in a resource of its own, so that a
/// change of a plugin's settings is no change of a listener.
/// </summary>
/// <remarks>
/// The bytes of a small module stand in the resource. A larger one is fetched by the proxy, and that Envoy does only while
/// a listener warms: of a resource that is in use already it would skip the plugin for good, without a word. So a resource
/// whose bytes are elsewhere is named after them. Other bytes make another name and another listener, which waits for the
/// fetch while the former one serves; other settings of the same bytes find them in Envoy's cache, and are accepted or
/// rejected at once.
/// </remarks>
internal static class PluginFilters
{
    /// <summary>Modules up to this size stand in the resource.</summary>
    public const int MaxInline = 64 << 10;

    // Envoy's FailurePolicy.FAIL_RELOAD in the field failure_policy, which is younger than the API that is generated here.
    private static readonly byte[] FailReload = [7 << 3, 1];

    private static readonly string WasmUrl = "type.googleapis.com/" + Wasm.Descriptor.FullName;
    private static readonly string PassUrl = "type.googleapis.com/" + RBAC.Descriptor.FullName;

    // A filter without rules, as Istio uses it too: everything passes.
    private static readonly Any PassThrough = Any.Pack(new RBAC());

    // All proxies share the message of a plugin: it is made, checked and written once.
    private static readonly ConditionalWeakTable<Plugin, TypedExtensionConfig> Made = [];

    /// <summary>The resource's name, as Istio has it.</summary>
    public static string NameOf(Plugin plugin) => Versioned($"extensions.istio.io/wasmplugin/{IdOf(plugin)}", plugin.Module);

    /// <summary>The place of a plugin among the filters of a listener.</summary>
    public static HttpFilter Filter(Plugin plugin)
    {
        var source = new ExtensionConfigSource { ConfigSource = Clusters.Ads(), TypeUrls = { WasmUrl, PassUrl } };
        if (plugin.FailStrategy == FailStrategy.Open)
        {
            // What a proxy does not take, requests pass.
            source.DefaultConfig = PassThrough;
        }
        else
        {
            // Nobody may pass a listener that opens too soon: it waits for as long as it takes.
            source.ConfigSource.InitialFetchTimeout = new Duration();
        }

        return new() { Name = NameOf(plugin), ConfigDiscovery = source };
    }

    /// <summary>What the plugin is.</summary>
    public static TypedExtensionConfig Resource(Plugin plugin) => Made.GetValue(plugin, Make);

    private static TypedExtensionConfig Make(Plugin plugin)
    {
        var id = IdOf(plugin);
        var config = plugin.FailStrategy == FailStrategy.Reload ? PluginConfig.Parser.ParseFrom(FailReload) : new PluginConfig();
        config.Name = id;
        config.RootId = plugin.RootId;
        config.FailOpen = plugin.FailStrategy == FailStrategy.Open;
        config.VmConfig = new()
        {
            // Envoy looks for a VM to share by this name alone while it has no bytes: by another name it would run the former ones.
            VmId = Versioned(id, plugin.Module),
            Runtime = "envoy.wasm.runtime.v8",
            Code = CodeOf(plugin.Module),
            EnvironmentVariables = EnvironmentOf(plugin.Environment),
        };
        if (plugin.Settings.Length > 0)
        {
            config.Configuration = Any.Pack(new StringValue { Value = plugin.Settings });
        }

        return new() { Name = NameOf(plugin), TypedConfig = Any.Pack(new Wasm { Config = config }) };
    }

    private static string IdOf(Plugin plugin) => $"{plugin.Name.Namespace}.{plugin.Name.Name}";

    private static string Versioned(string name, PluginModule module) => IsInline(module) ? name : $"{name}@{module.Sha256[..12]}";

    private static bool IsInline(PluginModule module) => module.Code.Length <= MaxInline;

    private static AsyncDataSource CodeOf(PluginModule module) => IsInline(module)
        ? new() { Local = new() { InlineBytes = ByteString.CopyFrom(module.Code.AsSpan()) } }
        : new()
        {
            Remote = new()
            {
                HttpUri = new()
                {
                    Uri = $"http://{ControlPlaneCluster.Name}{ControlPlaneCluster.ModulePath}{module.Sha256}",
                    Cluster = ControlPlaneCluster.Name,
                    Timeout = Duration.FromTimeSpan(TimeSpan.FromSeconds(30)),
                },
                Sha256 = module.Sha256,
                RetryPolicy = new()
                {
                    NumRetries = 10,
                    RetryBackOff = new()
                    {
                        BaseInterval = Duration.FromTimeSpan(TimeSpan.FromSeconds(1)),
                        MaxInterval = Duration.FromTimeSpan(TimeSpan.FromSeconds(10)),
                    },
                },
            },
        };

    private static EnvironmentVariables? EnvironmentOf(PluginEnvironment environment) =>
        environment.Values.IsEmpty && environment.FromProxy.IsEmpty
            ? null
            : new() { KeyValues = { environment.Values }, HostEnvKeys = { environment.FromProxy } };
}
