using Mono.Cecil;
using Mono.Cecil.Cil;
using Weft.Testing;
using Weft.Wasm.Compiling;
using Weft.Wasm.Tests.Compiling.Stage;

namespace Weft.Wasm.Tests.Compiling.Differential;

public sealed class DifferentialTests(ITestOutputHelper output)
{
    private const int CallsOfProgram = 500;
    private const int CallsOfLongProgram = 1000;
    private const int MostShrinking = 400;
    private static readonly CompileSettings Settings = new() { Fuel = int.MaxValue, StackSize = 1 << 16, ExportsGlobals = true };

    [Fact]
    [Trait(Soak.Trait, "true")]
    public void Random_programs_give_the_same_under_the_jit_in_wasmtime_and_in_v8()
    {
        var (seed, runs) = (Soak.Seed(), Soak.Runs(20_000, 1_200_000));
        var calls = runs > 20_000 ? CallsOfLongProgram : CallsOfProgram;
        output.WriteLine($"WEFT_SEED={seed}");
        using var node = new NodeEngine();
        var seen = new Dictionary<Code, int>();
        var (modules, faults) = (new List<byte[]>(), 0);
        for (var i = 0; i < runs / calls; i++)
        {
            var program = new ProgramWriter(unchecked(seed + i)).Write();
            var arguments = Draw(unchecked(seed + i), calls);
            var assembly = CSharpSource.Compile(Exported(program.Source()));
            Count(assembly, seen);
            var compiled = PluginCompiler.Compile(assembly, [CSharpSource.Sdk], Settings);
            Assert.True(compiled.Module is not null, $"seed {unchecked(seed + i)}: {string.Join('\n', compiled.Diagnostics)}\n{program.Source()}");
            var module = compiled.Module;
            modules.Add(module);
            faults += Compare(program, assembly, module, arguments, node, unchecked(seed + i));
        }

        output.WriteLine($"{faults} of {runs} calls ended with a fault");
        Assert.InRange(faults, runs / 100, runs / 2);
        WasmModule.Validate([.. modules.Take(200)]);
        Assert.DoesNotContain(SupportedInstructions.All, c => !seen.ContainsKey(c));
    }

    private static Arguments[] Draw(int seed, int count)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => Arguments.Random(random))];
    }

    private static string Exported(string source) => source +
        "internal static class Exports { [UnmanagedCallersOnly(EntryPoint = \"run\")] static long Run(int a, int b, long c, float d, double e) => Tested.Run(a, b, c, d, e); }";

    private static int Compare(RandomProgram program, PluginAssembly assembly, byte[] module, Arguments[] calls, NodeEngine node, int seed)
    {
        var expected = Engines.UnderJit(assembly.Image, calls);
        var wasmtime = Engines.InWasmtime(module, calls);
        var v8 = node.Run(module, calls);
        for (var i = 0; i < calls.Length; i++)
        {
            if (expected[i] != wasmtime[i] || expected[i] != v8[i])
            {
                program.Shrink(source => Differs(source, calls[i]), MostShrinking);
                Assert.Fail($"seed {seed}, {calls[i]}: {expected[i]} under the JIT, {wasmtime[i]} in Wasmtime, {v8[i]} in V8\n{program.Source()}");
            }
        }

        return expected.Count(o => o.Fault >= 0);
    }

    // One call alone, from the start: what differs only after others have run is not made smaller.
    private static bool Differs(string source, Arguments call)
    {
        try
        {
            var assembly = CSharpSource.Compile(Exported(source));
            var compiled = PluginCompiler.Compile(assembly, [CSharpSource.Sdk], Settings);
            return compiled.Module is { } module && Engines.UnderJit(assembly.Image, [call])[0] != Engines.InWasmtime(module, [call])[0];
        }
        catch (Exception e) when (e is Xunit.Sdk.XunitException or Wasmtime.WasmtimeException)
        {
            return false;
        }
    }

    private static void Count(PluginAssembly assembly, Dictionary<Code, int> seen)
    {
        using var module = ModuleDefinition.ReadModule(new MemoryStream(assembly.Image));
        foreach (var instruction in module.GetTypes().SelectMany(t => t.Methods).Where(m => m.HasBody).SelectMany(m => m.Body.Instructions))
        {
            seen[instruction.OpCode.Code] = seen.GetValueOrDefault(instruction.OpCode.Code) + 1;
        }
    }
}
