using Weft.Flow;
using Weft.Wasm.Checking;
using Weft.Wasm.Tests.Modules;

namespace Weft.Wasm.Tests.Checking;

public sealed class PluginCheckTests
{
    private static readonly byte[] ConstantAndDrop = [0x41, 0xC1, 0x00, 0x1A];

    [Fact]
    public void A_sound_plugin_has_no_findings() => Finds(new PluginText());

    [Fact]
    public void Plugins_that_Envoy_runs_have_no_errors()
    {
        Assert.All(Seeds.Foreign(), plugin =>
            Assert.DoesNotContain(PluginCheck.Check(plugin.Value, plugin.Key), d => d.Severity == Severity.Error));
    }

    [Fact]
    public void A_file_that_is_no_module_is_refused_by_name()
    {
        var finding = Assert.Single(PluginCheck.Check("#!/bin/sh\n"u8.ToArray(), "plugin.wasm"));
        Assert.Equal("WEFT6101", finding.Code);
        Assert.StartsWith("plugin.wasm: error WEFT6101: ", finding.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void An_invalid_function_is_named_with_its_byte_and_the_other_rules_apply_still()
    {
        var bytes = new PluginText { Allocator = "", More = "(func $wrong i32.const 65 drop)" }.Bytes;
        var drop = bytes.AsSpan().IndexOf(ConstantAndDrop) + 3;
        bytes[drop] = 0x01;
        var findings = PluginCheck.Check(bytes);
        Assert.Equal(["WEFT6103", "WEFT6112"], findings.Select(f => f.Code));
        Assert.Contains($"byte {drop + 1} (", findings[0].Message, StringComparison.Ordinal);
        Assert.EndsWith("(in wrong).", findings[0].Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "exports none")]
    [InlineData("proxy_abi_version_0_3_0", "exports only \"proxy_abi_version_0_3_0\"")]
    public void A_plugin_tells_an_ABI_version_that_hosts_know(string marker, string found)
    {
        var plugin = new PluginText { Version = marker.Length == 0 ? "" : PluginText.Empty(marker) };
        Assert.Contains(found, Finds(plugin, "WEFT6110"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_version_told_by_a_global_is_none() =>
        Finds(new() { Version = """(global (export "proxy_abi_version_0_2_1") i32 (i32.const 0))""" }, "WEFT6110");

    [Fact]
    public void A_plugin_tells_one_ABI_version_only()
    {
        var both = PluginText.Empty("proxy_abi_version_0_2_0") + PluginText.Empty("proxy_abi_version_0_2_1");
        Assert.Contains("hosts take proxy_abi_version_0_2_0", Finds(new() { Version = both }, "WEFT6111"), StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_version_what_depends_on_it_is_not_said() => Finds(
        new()
        {
            Version = "",
            Imports = PluginText.Import("env", "proxy_clear_route_cache", "(result i32)"),
            Callback = """(func (export "proxy_on_request_headers") (param i32 i32) (result i32) i32.const 0)""",
        },
        "WEFT6110");

    [Fact]
    public void A_large_plugin_is_unwise()
    {
        var data = new string('x', 1 << 20);
        Finds(new() { Memory = """(memory (export "memory") 32 32)""", More = $"(data (i32.const 0) \"{data}\")" }, "WEFT6133");
    }

    [Fact]
    public void There_are_never_more_than_a_hundred_findings()
    {
        var imports = string.Concat(Enumerable.Range(0, 300).Select(i => PluginText.Import("env", $"f{i}", "")));
        Assert.Equal(100, PluginCheck.Check(new PluginText { Imports = imports }.Bytes).Length);
    }

    // Gives the text of the first finding.
    internal static string Finds(PluginText plugin, params string[] codes) => FindsIn(plugin.Bytes, codes);

    internal static string FindsIn(byte[] bytes, params string[] codes)
    {
        var findings = PluginCheck.Check(bytes);
        Assert.Equal(codes, findings.Select(f => f.Code));
        Assert.All(findings, f => Assert.NotNull(f.Fix));
        return findings.FirstOrDefault()?.ToString() ?? "";
    }
}
