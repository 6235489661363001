using Weft.Wasm.Compiling;
using Weft.Wasm.Tests.Compiling.Stage;

namespace Weft.Wasm.Tests.Compiling;

/// <summary>A fault ends the callback and no more: never a trap, never a hang, and the next call works.</summary>
public sealed class ContainmentTests
{
    [Theory]
    [InlineData("Index", "var x = new int[2]; return x[a];")]
    [InlineData("Index", "Span<int> x = stackalloc int[2]; return x[a];")]
    [InlineData("Index", "ReadOnlySpan<byte> x = \"a\"u8; return x[a..].Length;")]
    [InlineData("Index", "Span<int> x = stackalloc int[2]; return x.Slice(1, a).Length;")]
    [InlineData("Index", "Span<int> x = stackalloc int[2]; Span<int> y = stackalloc int[1]; x.CopyTo(y); return 1;")]
    [InlineData("Index", "int[]? x = null; return x![a];")]
    [InlineData("Division", "return a / (a - a);")]
    [InlineData("Division", "return (int)(long.MinValue / ((long)a - a - 1));")]
    [InlineData("Division", "return int.MinValue % (a - a - 1);")]
    [InlineData("Null", "Node? x = null; return x!.Value;")]
    [InlineData("Null", "Node? x = null; return x!.Get();")]
    [InlineData("Null", "int? x = null; return x!.Value;")]
    [InlineData("Null", "Func<int>? f = null; return f!();")]
    [InlineData("Stack", "return Down(a);")]
    [InlineData("Stack", "return Ping(a);")]
    [InlineData("Stack", "Func<int, int> f = Again; return f(a);")]
    [InlineData("Stack", "Span<byte> x = stackalloc byte[a * 1000000]; return x.Length;")]
    [InlineData("Stack", "Span<byte> x = stackalloc byte[-a]; return x.Length;")]
    [InlineData("Stack", "Span<long> x = stackalloc long[a << 26]; return x.Length;")]
    [InlineData("Stack", "Span<long> x = stackalloc long[a << 25]; return x.Length;")]
    [InlineData("Stack", "var n = 0; for (var i = 0; i < 1000000; i++) { Span<byte> x = stackalloc byte[a + i]; n += x[0]; } return n;")]
    [InlineData("Memory", "var x = new int[-a]; return x.Length;")]
    [InlineData("Memory", "var x = new long[int.MaxValue]; return x.Length;")]
    [InlineData("Memory", "var x = new byte[int.MinValue + a - a]; return x.Length;")]
    [InlineData("Memory", "var n = 0; for (;;) { n += new byte[1000 * a].Length; }")]
    [InlineData("Memory", "Node? x = null; for (;;) { x = new Node { Next = x, A = new byte[10000] }; }")]
    [InlineData("Fuel", "for (;;) { }")]
    [InlineData("Fuel", "while (a > 0) { a ^= 1; }  return a;")]
    [InlineData("Fuel", "again: a++; if (a != 5) goto again; goto again;")]
    [InlineData("Fuel", "return Tree(40, a);")]
    [InlineData("Fuel", "var n = 0; for (var i = 0; i < 2000000000; i++) { n += Heavy(i); } return n;")]
    [InlineData("Fuel", "return E40(a);")]
    [InlineData("Fuel", "Span<byte> x = new byte[8000000]; Span<byte> y = new byte[4000000]; y[^1] = 1; return x.IndexOf(y);")]
    [InlineData("Fuel", "Span<byte> x = new byte[8000000]; for (;;) { x.Clear(); }")]
    [InlineData("Fuel", "Span<byte> x = new byte[8000000]; for (;;) { if (x.IndexOf((byte)a) == 3) return 1; }")]
    [InlineData("Fuel", "double x = 1e308; for (;;) { x += 1e308 % 3e-320; }")]
    [InlineData("Fuel", "Func<int, int> f = static x => x + 1; for (;;) { a = f(a); }")]
    [InlineData("Thrown", "throw new InvalidOperationException(\"no\");")]
    [InlineData("Thrown", "return a > 0 ? throw new ArgumentException(\"no\", nameof(a)) : 1;")]
    [InlineData("Thrown", "return Math.Abs(int.MinValue + a - a);")]
    public void A_fault_ends_the_callback_and_the_next_one_works(string kind, string body)
    {
        using var wasm = new WasmInstance(WasmModule.Of(Source(body)));
        for (var i = 0; i < 2; i++)
        {
            Assert.Equal(0, wasm.Call("run", 2));
            Assert.Equal(Enum.Parse<FaultKind>(kind), wasm.Fault);
            Assert.Equal(42, wasm.Call("well", 21));
            Assert.Null(wasm.Fault);
        }
    }

    [Theory]
    [InlineData("var x = new int[2]; return x[a];")]
    [InlineData("return a / (a - a);")]
    [InlineData("Node? x = null; return x!.Value;")]
    [InlineData("return Down(a);")]
    [InlineData("var x = new int[-a]; return x.Length;")]
    [InlineData("throw new InvalidOperationException();")]
    public void Without_containment_a_fault_is_a_trap(string body)
    {
        using var wasm = new WasmInstance(WasmModule.Of(Source(body), new CompileSettings { Contain = false }));
        Assert.ThrowsAny<Wasmtime.WasmtimeException>(() => wasm.Call("run", 2));
    }

    [Fact]
    public void A_fault_names_the_line_that_it_is_on()
    {
        var source = "static class Tested\n{\n  [UnmanagedCallersOnly(EntryPoint = \"run\")]\n  static int Run(int a)\n  {\n    var b = a + 1;\n    return 10 / (b - b);\n  }\n}";
        using var wasm = new WasmInstance(WasmModule.Of(source));
        wasm.Call("run", 2);
        Assert.Equal(7, wasm.FaultLine);
    }

    // Each of E1 to E40 calls the one before twice: 2^40 calls without a loop, and no method is recursive.
    private static string Source(string body) =>
        $$"""
        sealed class Node { public int Value; public Node? Next; public byte[]? A; public int Get() => Value; }
        static unsafe class Tested
        {
            static int Down(int n) => Down(n + 1) + 1;
            static int Ping(int n) => Pong(n) + 1;
            static int Pong(int n) => Ping(n + 1) * 2;
            static int Again(int n) { Func<int, int> f = Again; return f(n + 1) + 1; }
            static int Tree(int n, int a) => n == 0 ? a : Tree(n - 1, a) + Tree(n - 1, a + 1);
            [MethodImpl(MethodImplOptions.NoInlining)] static int Heavy(int a) { {{string.Concat(Enumerable.Range(0, 600).Select(i => $"a = a * {i + 3} ^ a >> 3;"))}} return a; }
            [MethodImpl(MethodImplOptions.NoInlining)] static int E0(int a) => a * 3 + 1;
            {{string.Concat(Enumerable.Range(1, 40).Select(i => $"[MethodImpl(MethodImplOptions.NoInlining)] static int E{i}(int a) => E{i - 1}(a + 1) ^ E{i - 1}(a + 2);\n"))}}
            [UnmanagedCallersOnly(EntryPoint = "run")] static int Run(int a) { {{body}} }
            [UnmanagedCallersOnly(EntryPoint = "well")] static int Well(int a) { var x = new int[3]; x[1] = a; return x[1] + x[1]; }
        }
        """;
}
