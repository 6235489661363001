using static Weft.Wasm.Tests.Checking.PluginCheckTests;

namespace Weft.Wasm.Tests.Checking;

public sealed class MemoryRulesTests
{
    [Theory]
    [InlineData("", "has none")]
    [InlineData("(memory 1 2)", "does not export its own")]
    [InlineData("""(memory (export "memory") (export "again") 1 2)""", "exports it 2 times")]
    public void A_plugin_exports_exactly_one_memory(string memory, string found) =>
        Assert.Contains(found, Finds(new() { Memory = memory }, "WEFT6113"), StringComparison.Ordinal);

    [Fact]
    public void The_memory_may_have_another_name() => Finds(new() { Memory = """(memory (export "heap") 1 2)""" });

    [Theory]
    [InlineData("16384 16384")]
    [InlineData("16385 16385", "WEFT6114")]
    [InlineData("1 16385", "WEFT6130")]
    [InlineData("1", "WEFT6131")]
    public void Envoy_gives_one_gibibyte(string limits, params string[] codes) =>
        Finds(new() { Memory = $"(memory (export \"memory\") {limits})" }, codes);

    [Theory]
    [InlineData("(data (i32.const 65531) \"hello\")")]
    [InlineData("(data (i32.const 65532) \"hello\")", "WEFT6121")]
    [InlineData("(data (i32.const -1) \"\")", "WEFT6121")]
    [InlineData("(data \"anywhere\")")]
    [InlineData("(table 2 funcref) (elem (i32.const 0) $headers $headers)")]
    [InlineData("(table 2 funcref) (elem (i32.const 1) $headers $headers)", "WEFT6121")]
    public void Segments_fit_into_what_there_is_at_the_start(string segment, params string[] codes) =>
        Finds(new() { More = segment }, codes);
}
