using System.Diagnostics.CodeAnalysis;
using Weft.Wasm.Modules;
using static Weft.Wasm.Tests.Modules.ModuleBytes;

namespace Weft.Wasm.Tests.Modules;

/// <summary>Modules that claim much in few bytes are refused before they cost anything.</summary>
[SuppressMessage("Performance", "CA1861", Justification = "A byte stands where it is read.")]
public sealed class GreedyModuleTests
{
    private static readonly byte[] Million = Number(900_000);

    [Theory]
    [InlineData(1, "types")]
    [InlineData(2, "imports")]
    [InlineData(3, "functions")]
    [InlineData(4, "tables")]
    [InlineData(5, "memories")]
    [InlineData(6, "globals")]
    [InlineData(7, "exports")]
    [InlineData(9, "element segments")]
    [InlineData(10, "function bodies")]
    [InlineData(11, "data segments")]
    public void A_count_is_held_against_the_bytes_that_are_left(byte section, string what)
    {
        var count = section is 4 or 5 or 11 ? Number(90_000) : Million;
        var before = GC.GetAllocatedBytesForCurrentThread();
        Refused(Of(Section(section, count)), "WEFT6102", $"{what} do not fit into the 0 bytes that are left");
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Theory]
    [InlineData(1, "types", 1_000_000)]
    [InlineData(2, "imports", 1_000_000)]
    [InlineData(11, "data segments", 100_000)]
    public void A_count_is_held_against_what_engines_accept(byte section, string what, int limit) =>
        Refused(Of(Section(section, Number(uint.MaxValue))), "WEFT6105", $"4294967295 {what}", $"the limit is {limit}");

    [Fact]
    public void A_function_has_at_most_50000_locals()
    {
        Assert.True(WasmModule.TryRead(OfBody([1, .. Number(50_000), 0x7F, 0x0B]), out _, out _));
        Refused(OfBody([1, .. Number(50_001), 0x7F, 0x0B]), "WEFT6105", "50001 locals");
        Refused(OfBody([2, .. Number(uint.MaxValue), 0x7F, .. Number(uint.MaxValue), 0x7E, 0x0B]), "WEFT6105", "4294967295 locals");
    }

    [Fact]
    public void A_module_has_at_most_64_MiB() =>
        Refused(new byte[WasmModule.MaxSize + 1], "WEFT6101", "at most 64 MiB");

    [Fact]
    public void A_function_has_at_most_as_many_bytes_as_V8_takes()
    {
        var body = new byte[7_654_322];
        Array.Fill(body, (byte)1);
        Refused(OfBody(body), "WEFT6105", "a function of 7654322 bytes");
    }

    [Fact]
    public void A_million_blocks_within_each_other_are_validated_without_recursion()
    {
        const int Depth = 1_000_000;
        byte[] body = [0, .. Enumerable.Repeat<byte[]>([0x02, 0x40], Depth).SelectMany(b => b), .. Enumerable.Repeat((byte)0x0B, Depth + 1)];
        Assert.Null(Judgement.Ours(OfBody(body)));
    }

    [Fact]
    public void Calls_that_give_a_thousand_values_cannot_fill_the_memory()
    {
        // Two bytes for each call, a thousand operands from each: sixteen million are reached with 34 KB.
        byte[] results = [.. Enumerable.Repeat((byte)0x7F, 1000)];
        byte[] body = [0, .. Enumerable.Repeat<byte[]>([0x10, 0], 40_000).SelectMany(b => b), 0x0B];
        var module = Of(
            Section(1, [2, 0x60, 0, .. Number(1000), .. results, 0x60, 0, 0]),
            Section(2, 1, 1, (byte)'m', 1, (byte)'f', 0, 0),
            Section(3, 1, 1),
            Section(10, [1, .. Number((uint)body.Length), .. body]));
        Assert.Contains("too many operands on the stack", Judgement.Ours(module), StringComparison.Ordinal);
    }

    [Fact]
    public void Blocks_that_take_a_thousand_values_cannot_take_hours()
    {
        byte[] values = [.. Number(1000), .. Enumerable.Repeat((byte)0x7F, 1000)];
        byte[] blocks = [.. Enumerable.Repeat<byte[]>([0x02, 1, 0x0B], 400_000).SelectMany(b => b)];
        byte[] body = [0, 0x00, .. blocks, 0x00, 0x0B];
        var module = Of(
            Section(1, [2, 0x60, 0, 0, 0x60, .. values, .. values]),
            Section(3, 1, 0),
            Section(10, [1, .. Number((uint)body.Length), .. body]));
        Assert.Contains("too many operands in all", Judgement.Ours(module), StringComparison.Ordinal);
    }

    private static void Refused(byte[] bytes, string code, params string[] parts)
    {
        Assert.False(WasmModule.TryRead(bytes, out _, out var diagnostic));
        Assert.Equal(code, diagnostic.Code);
        Assert.All(parts, part => Assert.Contains(part, diagnostic.Message, StringComparison.Ordinal));
    }
}
