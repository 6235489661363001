using Weft.Flow;
using Weft.Wasm.Checking;
using Weft.Wasm.Host.Testing;
using Weft.Wasm.Tags;

namespace Weft.Wasm.Tests.Plugins;

public sealed class ShippedPluginTests
{
    [Fact]
    public void The_smallest_plugin_colours_the_requests_of_gold_customers()
    {
        using var plugin = PluginTest.FromBytes(ShippedPlugin.OneHeader);

        Assert.Equal("canary", plugin.Request(("x-user-tier", "gold")).Headers["x-envoy-flow-tag"]);
        Assert.Null(plugin.Request(("x-user-tier", "silver")).Headers["x-envoy-flow-tag"]);
        Assert.Null(plugin.Request().Headers["x-envoy-flow-tag"]);
    }

    [Fact]
    public void The_plugins_break_no_rule_of_the_hosts()
    {
        foreach (var module in new[] { ShippedPlugin.OneHeader, ShippedPlugin.TrafficTag })
        {
            Assert.DoesNotContain(PluginCheck.Check(module), d => d.Severity != Severity.Info);
        }
    }

    [Fact]
    public void The_plugins_stay_small()
    {
        Assert.InRange(ShippedPlugin.OneHeader.Length, 1, 1024);
        Assert.InRange(ShippedPlugin.TrafficTag.Length, 1, 16 * 1024);
    }

    [Fact]
    public void TrafficTag_reads_rules_and_colours_by_them()
    {
        using var plugin = Tagging("""
            {"role": "sidecar", "header": "x-tag", "default": "stable", "rules": [
              {"tag": "canary", "conditions": [{"from": "cookie", "key": "beta", "operator": "equal", "value": "1"}]},
              {"tag": "mobile", "conditions": [{"from": "header", "key": "x-client", "operator": "prefix", "value": "mobile/"}]},
              {"tag": "query", "conditions": [{"from": "query", "key": "v", "operator": "in", "value": ["2", "3"]}]}]}
            """);

        Assert.Equal("canary", plugin.Request(("cookie", "a=b; beta=1")).Headers["x-tag"]);
        Assert.Equal("mobile", plugin.Request(("x-client", "mobile/7.1")).Headers["x-tag"]);
        Assert.Equal("query", plugin.Request((":path", "/books?a=1&v=3")).Headers["x-tag"]);
        Assert.Equal("stable", plugin.Request((":path", "/books?a=1&v=4")).Headers["x-tag"]);
        Assert.Equal("mine", plugin.Request(("x-tag", "mine"), ("cookie", "beta=1")).Headers["x-tag"]);
    }

    [Fact]
    public void TrafficTag_takes_as_much_memory_after_ten_thousand_requests_as_after_one()
    {
        using var plugin = Tagging(
            """{"role": "gateway", "header": "x-tag", "rules": [{"tag": "half", "conditions": [{"from": "header", "key": "x-user", "operator": "percentage", "value": 50}]}]}""");
        plugin.Request(("x-user", "0")).End();
        var before = plugin.Workers[0].Plugin.Vm.MemorySize;

        var tagged = 0;
        for (var i = 0; i < 10_000; i++)
        {
            var request = plugin.Request(("x-user", $"user-{i}"));
            tagged += request.Headers["x-tag"] is null ? 0 : 1;
            request.End();
        }

        Assert.Equal(before, plugin.Workers[0].Plugin.Vm.MemorySize);
        Assert.InRange(tagged, 4700, 5300);
    }

    private static PluginTest Tagging(string rules)
    {
        Assert.True(TagConfiguration.TryCompile(rules, out var compiled, out _));
        return PluginTest.FromBytes(ShippedPlugin.TrafficTag, compiled);
    }
}
