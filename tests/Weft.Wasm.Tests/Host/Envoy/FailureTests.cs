using Weft.Testing;
using Weft.Wasm.Host.Testing;

namespace Weft.Wasm.Tests.Host.Envoy;

/// <summary>A plugin that fails does the same to streams in Envoy and in our host.</summary>
public sealed class FailureTests
{
    [Theory]
    [InlineData("proxy_on_request_headers")]
    [InlineData("proxy_on_response_headers")]
    public async Task A_trap_answers_503_then_and_ever_after(string callback)
    {
        Peers.Require("envoy");
        var guest = new GuestModule();
        guest.Add("(func $Plugin.Broken (unreachable))").On(callback, 3, "(call $Plugin.Broken)", "(i32.const 0)");
        await using var envoy = await EnvoyRun.StartAsync(Wasmtime.Module.ConvertText(guest.ToString()), "");
        using var ours = PluginTest.FromText(guest.ToString());
        for (var i = 0; i < 2; i++)
        {
            var theirs = await envoy.GetAsync("/");
            var request = ours.Request();
            _ = request.Response ?? request.Respond(200);
            Assert.Equal(503, theirs.Status);
            Assert.Equal((theirs.Status, theirs.Body), (request.LocalResponse!.Status, ""));
        }

        await envoy.WaitForLogAsync($"Function: {callback} failed: Uncaught RuntimeError: unreachable");
        await envoy.WaitForLogAsync("- Plugin.Broken");
        Assert.Contains($"Function: {callback} failed: unreachable", ours.Failure, StringComparison.Ordinal);
        Assert.Contains("- Plugin.Broken", ours.Failure, StringComparison.Ordinal);
    }
}
