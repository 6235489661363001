using static Weft.Wasm.Tests.Checking.PluginCheckTests;

namespace Weft.Wasm.Tests.Checking;

public sealed class StartRulesTests
{
    private const string Main = """(func (export "main") (param i32 i32) (result i32) i32.const 0)""";

    [Theory]
    [InlineData("_initialize")]
    [InlineData("_start")]
    [InlineData("_initialize _start", "WEFT6138")]
    [InlineData("__wasm_call_ctors", "WEFT6138")]
    [InlineData("__wasm_call_ctors _initialize")]
    public void Hosts_call_one_start_function(string exports, params string[] codes) =>
        Finds(new() { More = string.Concat(exports.Split(' ').Select(PluginText.Empty)) }, codes);

    [Fact]
    public void Main_is_called_behind_initialize() => Finds(new() { More = Main + PluginText.Empty("_initialize") });

    [Fact]
    public void Main_alone_is_never_called() => Finds(new() { More = Main }, "WEFT6138");

    [Theory]
    [InlineData("_initialize")]
    [InlineData("_start")]
    public void A_start_function_takes_and_gives_nothing(string name) =>
        Finds(new() { More = $"(func (export \"{name}\") (param i32))" }, "WEFT6119");

    [Fact]
    public void The_type_of_a_start_function_that_is_not_called_does_not_matter() =>
        Finds(new() { More = PluginText.Empty("_initialize") + """(func (export "_start") (param i32))""" }, "WEFT6138");

    [Fact]
    public void A_start_section_runs_before_the_host_is_ready() =>
        Finds(new() { More = "(func $begin) (start $begin)" }, "WEFT6137");
}
