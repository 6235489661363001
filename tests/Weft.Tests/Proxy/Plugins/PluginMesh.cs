using System.Net;
using Envoy.Config.Core.V3;
using Envoy.Config.Listener.V3;
using Envoy.Config.Route.V3;
using Envoy.Extensions.Filters.Http.Rbac.V3;
using Envoy.Extensions.Filters.Network.HttpConnectionManager.V3;
using Envoy.Extensions.Wasm.V3;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Weft.Proxy.Wasm;
using Weft.Xds;

namespace Weft.Tests.Proxy.Plugins;

/// <summary>A mesh whose listener has one plugin.</summary>
internal static class PluginMesh
{
    public const string Name = "plugin";

    public static TypedExtensionConfig Plugin(byte[] module, string configuration = "", Action<PluginConfig>? change = null)
    {
        var config = new PluginConfig
        {
            Name = "shop.plugin",
            VmConfig = new()
            {
                VmId = "shop.plugin",
                Runtime = "envoy.wasm.runtime.v8",
                Code = new() { Local = new() { InlineBytes = ByteString.CopyFrom(module) } },
            },
            Configuration = Any.Pack(new StringValue { Value = configuration }),
        };
        change?.Invoke(config);
        return Resource(config);
    }

    public static TypedExtensionConfig Resource(PluginConfig config) => new()
    {
        Name = Name,
        TypedConfig = Any.Pack(new Envoy.Extensions.Filters.Http.Wasm.V3.Wasm { Config = config }),
    };

    /// <summary>Starts a mesh: the routes, a cluster for each service, and the plugin before them.</summary>
    public static async Task<Mesh> StartAsync(
        TypedExtensionConfig plugin, RouteConfiguration routes, params (string Cluster, Func<Mesh, Task<IPEndPoint>> Serve)[] services)
    {
        var mesh = await Mesh.StartAsync(change: s => s with { Filters = [new WasmFilterFactory()] });
        foreach (var (cluster, serve) in services)
        {
            mesh.Plane.Apply(Resources.Cluster(cluster), Resources.Endpoints(cluster, await serve(mesh)));
        }

        mesh.Plane.Apply(plugin, Listener(), routes);
        await mesh.UntilAsync(s => s.Ready && s.Listeners.Any(l => l.Name == "l"));
        return mesh;
    }

    /// <summary>Puts another version of the plugin to use.</summary>
    public static Task ChangeAsync(this Mesh mesh, TypedExtensionConfig plugin) =>
        mesh.InUseAsync(TypeUrl.ExtensionConfig, Name, mesh.Plane.Apply(plugin));

    /// <summary>Why the proxy rejects a version of the plugin.</summary>
    public static async Task<string> RejectedAsync(this Mesh mesh, TypedExtensionConfig plugin)
    {
        mesh.Plane.Apply(plugin);
        var nack = await mesh.Plane.Nacks.Reader.ReadAsync(TestContext.Current.CancellationToken);
        Assert.Equal(TypeUrl.ExtensionConfig, nack.TypeUrl);
        return nack.ErrorDetail.Message;
    }

    private static Listener Listener() => Resources.Listener("l", new HttpConnectionManager
    {
        Rds = new() { ConfigSource = Resources.Ads, RouteConfigName = "r" },
        HttpFilters =
        {
            new HttpFilter
            {
                Name = Name,
                ConfigDiscovery = new()
                {
                    ConfigSource = new() { Ads = new(), ResourceApiVersion = ApiVersion.V3, InitialFetchTimeout = new() },
                    TypeUrls = { "type.googleapis.com/envoy.extensions.filters.http.wasm.v3.Wasm", "type.googleapis.com/" + RBAC.Descriptor.FullName },
                },
            },
        },
    });
}
