using System.Runtime.Loader;
using Mono.Cecil;
using Weft.Wasm.Tests.Compiling.Stage;

namespace Weft.Wasm.Tests.Compiling.Differential;

/// <summary>The two engines in this process.</summary>
internal static class Engines
{
    public static Outcome[] UnderJit(byte[] assembly, Arguments[] calls)
    {
        var context = new AssemblyLoadContext(null, isCollectible: true);
        try
        {
            var run = context.LoadFromStream(Unoptimized(assembly)).GetType("Tested")!.GetMethod("Run")!
                .CreateDelegate<Func<int, int, long, float, double, long>>();
            return [.. calls.Select(c => Call(run, c))];
        }
        finally
        {
            context.Unload();
        }
    }

    // What the JIT makes of optimized methods is not always what they say: in .NET 10.0.12 a comparison of
    // BitOperations.RotateLeft(0u, 65536) with 0 came out wrong.
    private static MemoryStream Unoptimized(byte[] assembly)
    {
        using var module = ModuleDefinition.ReadModule(new MemoryStream(assembly));
        foreach (var method in module.GetTypes().SelectMany(t => t.Methods).Where(m => m.HasBody))
        {
            method.NoOptimization = true;
            method.AggressiveInlining = false;
        }

        var image = new MemoryStream();
        module.Write(image);
        image.Position = 0;
        return image;
    }

    public static Outcome[] InWasmtime(byte[] module, Arguments[] calls)
    {
        using var wasm = new WasmInstance(module);
        var run = wasm.Instance.GetFunction<int, int, long, float, double, long>("run")!;
        return [.. calls.Select(c => Call(run, wasm, c))];
    }

    private static Outcome Call(Func<int, int, long, float, double, long> run, Arguments c)
    {
        try
        {
            return new Outcome(run(c.A, c.B, c.C, c.D, c.E), -1);
        }
        catch (Exception e)
        {
            return Outcome.Of(e);
        }
    }

    private static Outcome Call(Func<int, int, long, float, double, long> run, WasmInstance wasm, Arguments c)
    {
        wasm.ClearFault();
        try
        {
            var result = run(c.A, c.B, c.C, c.D, c.E);
            return wasm.Fault is { } fault ? new Outcome(0, (int)fault) : new Outcome(result, -1);
        }
        catch (Wasmtime.WasmtimeException)
        {
            return new Outcome(0, Outcome.Trap);
        }
    }
}
