using System.Collections.Immutable;
using System.Text;
using Weft.Wasm.Host;
using Weft.Wasm.Host.Testing;
using static Weft.Wasm.Tests.Host.GuestModule;

namespace Weft.Wasm.Tests.Host;

public sealed class LoadingTests
{
    private const string Marker = """(func (export "proxy_abi_version_0_2_1"))""";
    private const string Allocator = """(func (export "malloc") (param i32) (result i32) (i32.const 0))""";
    private const string Memory = """(memory (export "memory") 1)""";

    [Theory]
    [InlineData(PluginRule.AbiMarker, "missing or unknown ABI version", Memory + Allocator)]
    [InlineData(PluginRule.AbiMarker, "missing or unknown", Memory + Allocator + """(global (export "proxy_abi_version_0_2_1") i32 (i32.const 0))""")]
    [InlineData(PluginRule.Allocator, "missing allocator", Memory + Marker)]
    [InlineData(PluginRule.Memory, "this one has 0", Marker + Allocator)]
    [InlineData(PluginRule.Import, "missing import: env.proxy_unknown", """(import "env" "proxy_unknown" (func))""" + Memory + Marker + Allocator)]
    [InlineData(PluginRule.Import, "env.proxy_clear_route_cache is not offered in version 0.2.1",
        """(import "env" "proxy_clear_route_cache" (func (result i32)))""" + Memory + Marker + Allocator)]
    [InlineData(PluginRule.Import, "env.g is imported, and hosts offer only functions",
        """(import "env" "g" (global i32))""" + Memory + Marker + Allocator)]
    [InlineData(PluginRule.ImportSignature, "env.proxy_log is imported as (i32) -> i32, and hosts offer (i32, i32, i32) -> i32",
        """(import "env" "proxy_log" (func (param i32) (result i32)))""" + Memory + Marker + Allocator)]
    [InlineData(PluginRule.ExportSignature, "bad function signature for proxy_on_request_headers: hosts call (i32, i32, i32) -> i32, it is (i32) -> ()",
        Memory + Marker + Allocator + """(func (export "proxy_on_request_headers") (param i32))""")]
    [InlineData(PluginRule.ExportSignature, "bad function signature for malloc",
        Memory + Marker + """(func (export "malloc") (param i64) (result i32) (i32.const 0))""")]
    public void A_module_that_breaks_a_rule_is_refused_with_the_rule(PluginRule rule, string message, string module)
    {
        var e = Assert.Throws<PluginException>(() => PluginTest.FromText($"(module {module})"));
        Assert.Equal(rule, e.Rule);
        Assert.Contains(message, e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\0asm")]
    [InlineData("\0asm\x01\0\0\0\xff\xff")]
    [InlineData("no module at all")]
    public void Bytes_that_are_no_module_are_refused(string bytes)
    {
        var e = Assert.Throws<PluginException>(() => PluginTest.FromBytes(Encoding.Latin1.GetBytes(bytes)));
        Assert.Equal(PluginRule.ValidModule, e.Rule);
    }

    [Theory]
    [InlineData("proxy_on_vm_start", PluginRule.VmStart)]
    [InlineData("proxy_on_configure", PluginRule.Configuration)]
    public void A_plugin_may_refuse_to_start(string callback, PluginRule rule)
    {
        var guest = new GuestModule().On(callback, 2, "", "(i32.const 0)");
        var e = Assert.Throws<PluginException>(() => GuestTests.Run(guest));
        Assert.Equal(rule, e.Rule);
        Assert.Contains($"{callback} returned false", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_reactor_runs_initialize_and_main_and_a_command_start()
    {
        var reactor = new GuestModule();
        reactor.Add($"(func (export \"_initialize\") {reactor.Note("initialize")})")
            .Add($"(func (export \"main\") (param i32 i32) (result i32) {reactor.Note("main")} (i32.const 0))")
            .Add($"(func (export \"_start\") {reactor.Note("start")})");
        Assert.Equal(["initialize", "main"], GuestTests.LogOf(reactor));
        var command = new GuestModule();
        command.Add($"(func (export \"_start\") {command.Note("start")})")
            .Add($"(func (export \"main\") (param i32 i32) (result i32) {command.Note("main")} (i32.const 0))");
        Assert.Equal(["start"], GuestTests.LogOf(command));
    }

    [Fact]
    public void Little_may_be_called_while_a_module_starts()
    {
        var guest = new GuestModule();
        guest.Add($"(func $init (export \"_initialize\") (drop {guest.Call("proxy_get_header_map_value", "(i32.const 0)", guest.Text("a"), Out)}))");
        var e = Assert.Throws<PluginException>(() => GuestTests.Run(guest));
        Assert.Equal(PluginRule.Start, e.Rule);
        Assert.Contains("restricted_callback", e.Message, StringComparison.Ordinal);
        Assert.Contains("init", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Wasi_offers_clocks_variables_dice_and_output_while_a_module_starts()
    {
        var guest = new GuestModule();
        guest.Add("(func (export \"_initialize\")"
            + guest.Say("environ_sizes_get", "(i32.const 24)", "(i32.const 28)") + SayOutNumber
            + guest.Say("environ_get", "(i32.const 2048)", "(i32.const 2100)")
            + "(call $say (i32.load (i32.const 2048)) (i32.const 3))"
            + guest.Say("random_get", "(i32.const 3000)", "(i32.const 8)")
            + guest.Say("random_get", "(i32.const 3000)", "(i32.const 100000)")
            + guest.Say("random_get", "(i32.const -4)", "(i32.const 8)")
            + guest.Say("clock_time_get", "(i32.const 0)", "(i64.const 0)", "(i32.const 3000)")
            + guest.Say("clock_time_get", "(i32.const 2)", "(i64.const 0)", "(i32.const 3000)")
            + "(i32.store (i32.const 4000) (i32.const 2048)) (i32.store (i32.const 4004) (i32.const 0))"
            + $"(i64.store (i32.const 4008) (i64.const {(9L << 32) | 4500})) (i64.store (i32.const 4500) (i64.const 0x0a6f6c6c6568))"
            + guest.Say("fd_write", "(i32.const 2)", "(i32.const 4000)", "(i32.const 2)", "(i32.const 24)") + SayOutNumber
            + guest.Say("fd_write", "(i32.const 3)", "(i32.const 4000)", "(i32.const 2)", "(i32.const 24)")
            + guest.Say("fd_write", "(i32.const 1)", "(i32.const -8)", "(i32.const -1)", "(i32.const 24)")
            + guest.Say("args_sizes_get", "(i32.const 24)", "(i32.const 28)")
            + guest.Say("fd_read", "(i32.const 0)", "(i32.const 0)", "(i32.const 0)", "(i32.const 0)")
            + guest.Say("poll_oneoff", "(i32.const 0)", "(i32.const 0)", "(i32.const 0)", "(i32.const 24)") + ")");
        using var plugin = GuestTests.Run(guest, settings: new() { Vm = new() { EnvironmentVariables = ImmutableSortedDictionary<string, string>.Empty.Add("A", "b") } });
        Assert.Equal(
            ["0", "1", "0", "A=b", "0", "28", "21", "0", "58", "hello\n\0\0\0", "0", "9", "8", "28", "0", "52", "0"],
            GuestTests.Lines(plugin));
        Assert.Equal(PluginLogLevel.Error, plugin.Logs[9].Level);
    }

    [Fact]
    public void Imported_memory_and_tables_are_given()
    {
        var guest = new GuestModule { Memory = "(import \"env\" \"memory\" (memory 4)) (import \"env\" \"table\" (table 2 funcref))" };
        guest.OnRequest(guest.Say("proxy_get_header_map_value", "(i32.const 0)", guest.Text("x-user"), Out) + SayOut);
        Assert.Equal(["0", "7"], GuestTests.LogOf(guest, ("x-user", "7")));
    }

    [Fact]
    public void One_module_serves_machines_of_many_threads()
    {
        using var test = GuestTests.Run(new());
        using var engine = new PluginEngine();
        var guest = new GuestModule();
        guest.OnRequest(
            $"(drop {guest.Call("proxy_replace_header_map_value", "(i32.const 0)", guest.Text("x-a"), guest.Text("b"))})");
        using var module = PluginModule.LoadText(engine, "m", guest.ToString());
        Parallel.For(0, 8, _ =>
        {
            using var vm = new PluginVm(module, new AnsweringEnvironment(test));
            var plugin = vm.StartPlugin(new());
            for (var i = 0; i < 1000; i++)
            {
                var headers = new HeaderMap();
                var exchange = plugin.OpenHttp(new NoStream());
                exchange.OnRequestHeaders(headers, true);
                exchange.OnDestroy();
                Assert.Equal("b", headers["x-a"]);
            }
        });
    }
}
