using System.Runtime.Loader;
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
            var run = context.LoadFromStream(new MemoryStream(assembly)).GetType("Tested")!.GetMethod("Run")!
                .CreateDelegate<Func<int, int, long, float, double, long>>();
            return [.. calls.Select(c => Call(run, c))];
        }
        finally
        {
            context.Unload();
        }
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
