using System.Net;
using System.Security.Cryptography;
using Envoy.Extensions.Wasm.V3;
using Google.Protobuf;

namespace Weft.Tests.Proxy.Plugins;

/// <summary>Plugins that fail, and resources that cannot be taken.</summary>
public sealed class PluginFailureTests
{
    [Theory]
    [InlineData(false, HttpStatusCode.ServiceUnavailable)]
    [InlineData(true, HttpStatusCode.OK)]
    public async Task A_machine_that_fails_is_passed_by_or_requests_are_refused(bool failOpen, HttpStatusCode status)
    {
        await using var mesh = await StartAsync(PluginMesh.Plugin(PluginSources.Trapping, change: c => c.FailOpen = failOpen));
        for (var i = 0; i < 10; i++)
        {
            Assert.Equal(status, (await mesh.GetAsync()).Status);
        }
    }

    [Fact]
    public async Task Younger_fields_are_obeyed_or_refused()
    {
        await using var mesh = await StartAsync(Younger(7 << 3, 3));
        Assert.Equal(HttpStatusCode.OK, (await mesh.GetAsync()).Status);
        Assert.Contains("failure_policy 9 is unknown", await mesh.RejectedAsync(Younger(7 << 3, 9)), StringComparison.Ordinal);
        Assert.Contains("the field 8 of PluginConfig", await mesh.RejectedAsync(Younger((8 << 3) | 2, 0)), StringComparison.Ordinal);
        Assert.Contains("the field 9 of PluginConfig", await mesh.RejectedAsync(Younger((9 << 3) | 2, 2, 8, 1)), StringComparison.Ordinal);
        await mesh.ChangeAsync(Younger((9 << 3) | 2, 0));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await mesh.GetAsync()).Status);
    }

    [Fact]
    public async Task What_cannot_be_run_is_rejected_with_the_reason()
    {
        await using var mesh = await StartAsync(PluginMesh.Plugin(PluginSources.OneHeader));
        foreach (var (change, error) in ((Action<PluginConfig>, string)[])
        [
            (c => c.VmConfig = null, "config.vm_config is missing"),
            (c => c.VmConfig.Code = null, "vm_config.code is missing"),
            (c => c.VmConfig.Code = new() { Local = new() { Filename = "/a" } }, "Filename is not supported"),
            (c => c.VmConfig.Runtime = "envoy.wasm.runtime.null", "the runtime null"),
            (c => c.CapabilityRestrictionConfig = new() { AllowedCapabilities = { ["proxy_log"] = new() } }, "capability_restriction_config"),
            (c => c.VmConfig.Code.Local.InlineBytes = ByteString.CopyFromUtf8("no module"), "is not a valid module"),
            (c => c.VmConfig.Code = new() { Remote = new() { Sha256 = "ab" } }, "is not a SHA-256"),
        ])
        {
            Assert.Contains(
                error, await mesh.RejectedAsync(PluginMesh.Plugin(PluginSources.OneHeader, change: change)), StringComparison.Ordinal);
        }

        Assert.Equal(HttpStatusCode.OK, (await mesh.GetAsync()).Status);
    }

    [Fact]
    public async Task Code_is_fetched_over_a_cluster_and_must_have_its_hash()
    {
        var code = PluginSources.OneHeader;
        await using var mesh = await StartAsync(PluginMesh.Plugin(PluginSources.Trapping));
        var asked = 0;
        mesh.Plane.Apply(
            Resources.Cluster("code"),
            Resources.Endpoints("code", await mesh.ServeAsync(context =>
            {
                Interlocked.Increment(ref asked);
                return context.Response.Body.WriteAsync(code, context.RequestAborted).AsTask();
            })));
        await mesh.UntilAsync(s => s.Clusters == 2);
        Assert.Contains("has the SHA-256", await mesh.RejectedAsync(Remote(new string('a', 64))), StringComparison.Ordinal);
        var hash = Convert.ToHexStringLower(SHA256.HashData(code));
        await mesh.ChangeAsync(Remote(hash));
        await mesh.ChangeAsync(Remote(hash, "other settings"));
        Assert.Equal((HttpStatusCode.OK, 2), ((await mesh.GetAsync()).Status, asked));
    }

    private static Envoy.Config.Core.V3.TypedExtensionConfig Remote(string sha256, string configuration = "") =>
        PluginMesh.Plugin([], configuration, c => c.VmConfig.Code = new()
        {
            Remote = new() { HttpUri = new() { Uri = "http://code/module.wasm", Cluster = "code", Timeout = new() { Seconds = 5 } }, Sha256 = sha256 },
        });

    private static Envoy.Config.Core.V3.TypedExtensionConfig Younger(params byte[] field)
    {
        var config = PluginConfig.Parser.ParseFrom(field);
        PluginMesh.Plugin(PluginSources.Trapping, change: c => config.MergeFrom(c));
        return PluginMesh.Resource(config);
    }

    private static Task<Mesh> StartAsync(Envoy.Config.Core.V3.TypedExtensionConfig plugin) => PluginMesh.StartAsync(
        plugin, Resources.Routes("r", Resources.To("c")), ("c", mesh => mesh.ServeAsync("c")));
}
