using Wasmtime;
using Weft.Wasm.Modules;

namespace Weft.Wasm.Tests.Modules;

/// <summary>What several validators think of the same bytes.</summary>
internal sealed class Judgement : IDisposable
{
    private readonly Config _config = new Config()
        .WithReferenceTypes(true).WithSIMD(true).WithBulkMemory(true).WithMultiValue(true)
        .WithRelaxedSIMD(false, false).WithMultiMemory(false).WithMemory64(false).WithWasmThreads(false)
        .WithTailCalls(false).WithGc(false).WithFunctionReferences(false).WithExceptions(false);

    private readonly Engine _engine;

    public Judgement() => _engine = new Engine(_config);

    /// <summary>What is wrong in Weft's eyes; null if nothing.</summary>
    public static string? Ours(byte[] bytes) =>
        WasmModule.TryRead(bytes, out var module, out var diagnostic)
            ? ModuleValidator.Validate(module).FirstOrDefault()?.ToString()
            : diagnostic.ToString();

    /// <summary>What is wrong in Wasmtime's eyes; null if nothing.</summary>
    public string? Wasmtime(byte[] bytes) => Module.Validate(_engine, bytes);

    public void Dispose()
    {
        _engine.Dispose();
        _config.Dispose();
    }
}
