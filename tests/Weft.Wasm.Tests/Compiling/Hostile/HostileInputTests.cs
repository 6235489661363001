using System.Diagnostics;
using Mono.Cecil.Cil;
using Weft.Testing;
using Weft.Wasm.Compiling;
using Weft.Wasm.Tests.Compiling.Stage;

namespace Weft.Wasm.Tests.Compiling.Hostile;

/// <summary>Whatever the compiler is given, it answers with a module or with diagnostics, and soon.</summary>
public sealed class HostileInputTests(ITestOutputHelper output)
{
    /// <summary>On a machine that does much else at the same time; alone it is a second.</summary>
    private const int MostSeconds = 120;

    [Fact]
    [Trait(Soak.Trait, "true")]
    public void Bytes_that_were_changed_give_a_module_or_diagnostics()
    {
        var seed = Soak.Seed();
        output.WriteLine($"WEFT_SEED={seed}");
        var random = new Random(seed);
        var assembly = CSharpSource.Compile(DiagnosticTests.Source("var x = new int[3]; foreach (var y in x) { a += y; } Func<int, int> f = static z => z + 1; return f(a);"));
        for (var run = 0; run < Soak.Runs(300, 20_000); run++)
        {
            var changed = new PluginAssembly(Mutated(assembly.Image, random), run % 3 == 0 ? Mutated(assembly.Symbols!, random) : null);
            var compiled = Timed(() => PluginCompiler.Compile(changed, [CSharpSource.Sdk]), $"run {run}");
            Assert.True(compiled.Module is not null || compiled.Diagnostics.Length > 0);
        }
    }

    public static TheoryData<string, Action<ILProcessor, VariableDefinition>> Odd => new()
    {
        { "an empty stack", (il, _) => il.Append(il.Create(OpCodes.Add)) },
        { "no end", (il, _) => il.Append(il.Create(OpCodes.Nop)) },
        { "a pop of nothing", (il, _) => Each(il, il.Create(OpCodes.Pop), il.Create(OpCodes.Ret)) },
        { "different depths", (il, v) => { var end = il.Create(OpCodes.Ret); Each(il, il.Create(OpCodes.Ldc_I4_1), il.Create(OpCodes.Ldc_I4_1), il.Create(OpCodes.Brtrue, end), il.Create(OpCodes.Ldc_I4_2), end); } },
        { "different types", (il, v) => { var end = il.Create(OpCodes.Pop); Each(il, il.Create(OpCodes.Ldc_R8, 1.0), il.Create(OpCodes.Ldarg_0), il.Create(OpCodes.Brtrue, end), il.Create(OpCodes.Pop), il.Create(OpCodes.Ldnull), end, il.Create(OpCodes.Ldc_I4_1), il.Create(OpCodes.Ret)); } },
        { "a long and an int", (il, _) => Each(il, il.Create(OpCodes.Ldc_I8, 1L), il.Create(OpCodes.Ldarg_0), il.Create(OpCodes.Add), il.Create(OpCodes.Ret)) },
        { "a loop that two ways enter", (il, _) => { var a = il.Create(OpCodes.Nop); var b = il.Create(OpCodes.Nop); Each(il, il.Create(OpCodes.Ldarg_0), il.Create(OpCodes.Brtrue, b), a, il.Create(OpCodes.Ldarg_0), il.Create(OpCodes.Brtrue, b), b, il.Create(OpCodes.Br, a)); } },
        { "a huge switch", (il, v) => { var ends = Enumerable.Range(0, 3000).Select(_ => il.Create(OpCodes.Nop)).ToArray(); Each(il, il.Create(OpCodes.Ldarg_0), il.Create(OpCodes.Switch, ends)); Array.ForEach(ends, il.Append); Each(il, il.Create(OpCodes.Ldc_I4_0), il.Create(OpCodes.Ret)); } },
        { "a long row of branches", (il, _) => { for (var i = 0; i < 9000; i++) { var next = il.Create(OpCodes.Nop); Each(il, il.Create(OpCodes.Br, next), next); } Each(il, il.Create(OpCodes.Ldc_I4_0), il.Create(OpCodes.Ret)); } },
        { "a long row of conditions", (il, _) => { for (var i = 0; i < 5000; i++) { var next = il.Create(OpCodes.Nop); Each(il, il.Create(OpCodes.Ldarg_0), il.Create(OpCodes.Brtrue, next), il.Create(OpCodes.Nop), next); } Each(il, il.Create(OpCodes.Ldc_I4_0), il.Create(OpCodes.Ret)); } },
        { "a long row of early returns", (il, _) => { for (var i = 0; i < 5000; i++) { var next = il.Create(OpCodes.Nop); Each(il, il.Create(OpCodes.Ldarg_0), il.Create(OpCodes.Brtrue, next), il.Create(OpCodes.Ldc_I4_1), il.Create(OpCodes.Ret), next); } Each(il, il.Create(OpCodes.Ldc_I4_0), il.Create(OpCodes.Ret)); } },
        { "many loops", (il, _) => { for (var i = 0; i < 3000; i++) { var start = il.Create(OpCodes.Ldarg_0); Each(il, start, il.Create(OpCodes.Brtrue, start)); } Each(il, il.Create(OpCodes.Ldc_I4_0), il.Create(OpCodes.Ret)); } },
        { "nested loops", (il, _) => { var starts = Enumerable.Range(0, 1500).Select(_ => il.Create(OpCodes.Nop)).ToArray(); Array.ForEach(starts, il.Append); foreach (var start in starts.Reverse()) { Each(il, il.Create(OpCodes.Ldarg_0), il.Create(OpCodes.Brtrue, start)); } Each(il, il.Create(OpCodes.Ldc_I4_0), il.Create(OpCodes.Ret)); } },
        { "a deep stack", (il, _) => { for (var i = 0; i < 8000; i++) { il.Append(il.Create(OpCodes.Ldarg_0)); } for (var i = 0; i < 7999; i++) { il.Append(il.Create(OpCodes.Add)); } il.Append(il.Create(OpCodes.Ret)); } },
    };

    [Theory]
    [MemberData(nameof(Odd))]
    public void Odd_il_gives_a_module_or_diagnostics(string name, Action<ILProcessor, VariableDefinition> write)
    {
        var compiled = Timed(
            () => DiagnosticTests.Diagnose(DiagnosticTests.Source("return a;"), (method, il) =>
            {
                il.Clear();
                write(il, null!);
            }),
            name);
        Assert.True(compiled.Module is not null || compiled.Diagnostics.All(d => d.Code.StartsWith("PW", StringComparison.Ordinal)));
        if (compiled.Module is { } module)
        {
            WasmModule.Validate(module);
        }
    }

    [Theory]
    [InlineData("struct A<T> { A<A<T>>[] x; public int N; } static int Go(int a) { A<int> y = default; return y.N; }")]
    [InlineData("static int Go(int a) => Grow<int>(a); static int Grow<T>(int n) => n == 0 ? 0 : Grow<(T, T)>(n - 1);")]
    [InlineData("static int Go(int a) => Grow<int>(a); static int Grow<T>(int n) => n == 0 ? 0 : Grow<A<T>>(n - 1); struct A<T>;")]
    [InlineData("static int Go(int a) { A x = default; return Take(ref x); } static int Take(ref A x) => 1; [StructLayout(LayoutKind.Sequential, Size = 2000000000)] struct A { int b; }")]
    public void Types_that_grow_without_end_are_refused(string members)
    {
        var compiled = Timed(() => DiagnosticTests.Diagnose(DiagnosticTests.Source("return Go(a); } " + members + " static void Rest() {")), members);
        Assert.True(compiled.Module is not null || compiled.Diagnostics.All(d => d.Code == "PW0012"));
    }

    [Fact]
    public void Calls_within_calls_within_calls_do_not_make_a_module_explode()
    {
        var levels = string.Concat(Enumerable.Range(1, 12).Select(i => $"static void E{i}() {{ {string.Concat(Enumerable.Repeat($"E{i - 1}();", 18))} }}\n"));
        var source = DiagnosticTests.Source("E12(); return a; } static int s_n; static void E0() { s_n++; }\n" + levels + " static void Rest() {");
        var compiled = Timed(() => DiagnosticTests.Diagnose(source), "calls");
        Assert.InRange(compiled.Module!.Length, 1, 1 << 20);
    }

    private static void Each(ILProcessor il, params Instruction[] instructions) => Array.ForEach(instructions, il.Append);

    private static CompiledPlugin Timed(Func<CompiledPlugin> compile, string what)
    {
        var watch = Stopwatch.StartNew();
        var compiled = compile();
        Assert.True(watch.Elapsed.TotalSeconds < MostSeconds, $"{what} took {watch.Elapsed}");
        return compiled;
    }

    private static byte[] Mutated(byte[] bytes, Random random)
    {
        var copy = bytes.ToArray();
        for (var i = random.Next(1, 12); i > 0; i--)
        {
            var at = random.Next(copy.Length);
            copy[at] = random.Next(3) switch
            {
                0 => (byte)random.Next(256),
                1 => (byte)(copy[at] ^ (1 << random.Next(8))),
                _ => (byte)(copy[at] + 1),
            };
        }

        return random.Next(20) == 0 ? copy[..random.Next(copy.Length)] : copy;
    }
}
