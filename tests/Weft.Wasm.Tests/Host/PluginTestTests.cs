using Weft.Testing;
using Weft.Wasm.Host.Testing;

namespace Weft.Wasm.Tests.Host;

/// <summary>The kit, with plugins that others wrote.</summary>
public sealed class PluginTestTests
{
    [Fact]
    public void A_test_of_a_plugin_takes_five_lines()
    {
        using var plugin = PluginTest.Load(Peers.RequireFile("wasm/header_metric.wasm"), "set request x-tag blue");
        var request = plugin.Request(("x-user", "7"));
        Assert.Equal("blue", request.Headers["x-tag"]);
    }

    [Fact]
    public void A_request_waits_for_a_call_and_goes_on()
    {
        using var plugin = PluginTest.Load(Peers.RequireFile("wasm/http_callout.wasm"), "auth auth.local /check 500");
        var request = plugin.Request(("x-token", "t"));
        Assert.True(request.IsHeld);
        var call = Assert.Single(plugin.Calls);
        Assert.Equal(("auth", "auth.local", "/check"), (call.Cluster, call.Headers[":authority"], call.Headers[":path"]));
        call.Respond(200, "body", ("x-user", "u"));
        Assert.False(request.IsHeld);
        Assert.Equal("u", request.Headers["x-auth-user"]);
    }

    [Fact]
    public void A_call_that_is_refused_or_late_or_broken_is_an_answer()
    {
        using var plugin = PluginTest.Load(Peers.RequireFile("wasm/http_callout.wasm"), "auth auth.local /check 500");
        var (refused, late, broken) = (plugin.Request(), plugin.Request(), plugin.Request());
        plugin.Calls[0].Respond(401);
        plugin.Calls[2].Fail();
        plugin.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(403, refused.Response!.Status);
        Assert.Equal((403, "504"), (late.Response!.Status, late.Response.Headers["x-callout-status"]));
        Assert.Equal(504, broken.Response!.Status);
    }

    [Fact]
    public void Workers_each_have_a_machine_and_count_together()
    {
        using var plugin = PluginTest.Load(
            Peers.RequireFile("wasm/header_metric.wasm"), settings: new() { Workers = 3 });
        foreach (var worker in plugin.Workers)
        {
            worker.Request(("x-user", "7")).End();
        }

        Assert.Equal(3ul, plugin.Metrics["header_metric.requests"]!.Value);
    }
}
