using static Weft.Wasm.Tests.Checking.PluginCheckTests;

namespace Weft.Wasm.Tests.Checking;

public sealed class ImportRulesTests
{
    [Fact]
    public void What_hosts_offer_may_be_imported() => Finds(new()
    {
        Imports = PluginText.Import("env", "proxy_log", "(param i32 i32 i32) (result i32)")
            + PluginText.Import("env", "proxy_increment_metric", "(param i32 i64) (result i32)")
            + PluginText.Import("env", "proxy_get_log_level", "(param i32) (result i32)")
            + PluginText.Import("wasi_snapshot_preview1", "fd_write", "(param i32 i32 i32 i32) (result i32)")
            + PluginText.Import("wasi_unstable", "proc_exit", "(param i32)"),
    });

    [Theory]
    [InlineData("env", "proxy_get_header_map_valu", "Did you mean \"proxy_get_header_map_value\"?")]
    [InlineData("env", "emscripten_resize_heap", "--allow-undefined")]
    [InlineData("wbg", "__wbindgen_throw", "not for a browser")]
    [InlineData("proxy", "proxy_log", "not for a browser")]
    public void What_no_host_offers_may_not_be_imported(string module, string name, string fix) =>
        Assert.Contains(fix, Finds(new() { Imports = PluginText.Import(module, name, "") }, "WEFT6115"), StringComparison.Ordinal);

    [Theory]
    [InlineData("0_2_1", "proxy_clear_route_cache", "(result i32)", "0.1.0 only; it is of 0.2.1")]
    [InlineData("0_2_0", "proxy_get_log_level", "(param i32) (result i32)", "0.2.1 only; it is of 0.2.0")]
    [InlineData("0_1_0", "proxy_continue_stream", "(param i32) (result i32)", "0.2.0 and 0.2.1 only; it is of 0.1.0")]
    public void What_other_versions_have_may_not_be_imported(string version, string name, string type, string text)
    {
        var plugin = new PluginText
        {
            Version = PluginText.Empty($"proxy_abi_version_{version}"),
            Callback = "",
            Imports = PluginText.Import("env", name, type),
        };
        Assert.Contains(text, Finds(plugin, "WEFT6116", "WEFT6136"), StringComparison.Ordinal);
    }

    [Fact]
    public void An_import_has_the_type_that_hosts_offer() => Assert.Contains(
        "as (i32, i64) -> i32; this module imports it as (i32, i32) -> i32",
        Finds(new() { Imports = PluginText.Import("env", "proxy_record_metric", "(param i32 i32) (result i32)") }, "WEFT6117"),
        StringComparison.Ordinal);

    [Fact]
    public void Globals_may_not_be_imported() =>
        Finds(new() { Imports = """(import "env" "__memory_base" (global i32))""" }, "WEFT6118");

    [Fact]
    public void An_imported_table_is_made_by_hosts() =>
        Finds(new() { Imports = """(import "env" "__indirect_function_table" (table 1 funcref))""" });

    [Fact]
    public void An_imported_memory_works_in_Envoy_only() =>
        Finds(new() { Imports = """(import "env" "memory" (memory 1 2))""", Memory = "" }, "WEFT6141");

    [Fact]
    public void What_hosts_only_pretend_to_offer_is_unwise_to_import() => Finds(
        new() { Imports = PluginText.Import("wasi_snapshot_preview1", "fd_read", "(param i32 i32 i32 i32) (result i32)") },
        "WEFT6135");
}
