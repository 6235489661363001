using static Weft.Wasm.Tests.Checking.PluginCheckTests;

namespace Weft.Wasm.Tests.Checking;

public sealed class ExportRulesTests
{
    private const string Malloc = """(func (export "malloc") (param i32) (result i32) i32.const 0)""";
    private const string WrongAllocate = """(func (export "proxy_on_memory_allocate") (param i64) (result i32) i32.const 0)""";

    [Fact]
    public void A_plugin_has_an_allocator() => Finds(new() { Allocator = "" }, "WEFT6112");

    [Fact]
    public void The_allocator_may_be_malloc() => Finds(new() { Allocator = Malloc });

    [Fact]
    public void A_global_named_malloc_is_no_allocator() =>
        Finds(new() { Allocator = """(global (export "malloc") i32 (i32.const 0))""" }, "WEFT6112");

    [Fact]
    public void The_allocator_takes_and_gives_an_i32() => Assert.Contains(
        "call proxy_on_memory_allocate as (i32) -> i32; this module exports it as (i64) -> i32",
        Finds(new() { Allocator = WrongAllocate }, "WEFT6119"),
        StringComparison.Ordinal);

    [Fact]
    public void Beside_malloc_the_other_allocator_is_not_looked_at() =>
        Finds(new() { Allocator = Malloc + WrongAllocate }, "WEFT6140");

    [Theory]
    [InlineData("0_1_0", "(param i32 i32)")]
    [InlineData("0_1_0", "(param i32 i32 i32)", "WEFT6119")]
    [InlineData("0_2_0", "(param i32 i32)", "WEFT6119")]
    [InlineData("0_2_0", "(param i32 i32 i32)")]
    [InlineData("0_2_1", "(param i32 i32)", "WEFT6119")]
    public void The_type_of_header_callbacks_is_that_of_the_version(string version, string parameters, params string[] codes) =>
        Finds(
            new()
            {
                Version = PluginText.Empty($"proxy_abi_version_{version}"),
                Callback = $"(func (export \"proxy_on_response_headers\") {parameters} (result i32) i32.const 0)",
            },
            codes);

    [Theory]
    [InlineData("proxy_on_request_header", "Did you mean \"proxy_on_request_headers\"?")]
    [InlineData("proxy_on_grpc_create_initial_metadata", "Remove it")]
    public void A_callback_that_no_host_calls_is_named(string name, string fix) =>
        Assert.Contains(fix, Finds(new() { More = PluginText.Empty(name) }, "WEFT6134"), StringComparison.Ordinal);

    [Fact]
    public void A_callback_of_newer_versions_is_named()
    {
        var plugin = new PluginText
        {
            Version = PluginText.Empty("proxy_abi_version_0_1_0"),
            Callback = """(func (export "proxy_on_tick") (param i32))""",
            More = """(func (export "proxy_on_foreign_function") (param i32 i32 i32))""",
        };
        Assert.Contains("in other versions of the ABI only", Finds(plugin, "WEFT6134"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_plugin_without_callbacks_does_nothing() => Finds(new() { Callback = "" }, "WEFT6136");

    [Fact]
    public void What_is_not_of_the_ABI_may_be_exported() => Finds(new() { More = PluginText.Empty("debug_dump") });
}
