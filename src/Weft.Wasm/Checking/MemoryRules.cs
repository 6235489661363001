using Weft.Flow;
using Weft.Wasm.Abi;
using Weft.Wasm.Modules;
using Weft.Wasm.Modules.Validation;

namespace Weft.Wasm.Checking;

// Hosts read and write the one memory that the plugin exports, and give it at most 1 GiB.
internal static class MemoryRules
{
    public static IEnumerable<Diagnostic> Check(Plugin plugin) =>
        Export(plugin.Module).Concat(plugin.Module.Memories.SelectMany(Size)).Concat(Segments(plugin.Module));

    private static IEnumerable<Diagnostic> Export(WasmModule module)
    {
        var exported = module.Exports.Count(e => e.Kind == ExternKind.Memory);
        var imported = module.Imports.Any(i => i.Kind == ExternKind.Memory);
        if (exported > 1 || (exported == 0 && !imported))
        {
            var found = exported > 1 ? $"exports it {exported} times"
                : module.Memories.IsEmpty ? "has none"
                : "does not export its own";
            yield return Diagnostic.Error(
                "WEFT6113",
                null,
                $"A plugin exports exactly one memory, through which hosts pass all texts; this module {found}.",
                "Export the memory once, as \"memory\"");
        }
    }

    private static IEnumerable<Diagnostic> Size(MemoryType memory)
    {
        if (memory.Limits.Minimum > ProxyWasmAbi.MaxMemoryPages)
        {
            yield return Diagnostic.Error(
                "WEFT6114",
                null,
                $"Envoy gives a plugin at most 1 GiB of memory; this one wants {Mebibytes(memory.Limits.Minimum)} MiB to start.",
                "Make its initial memory smaller (--initial-memory), or move large static data out");
        }
        else if (memory.Limits.Maximum > ProxyWasmAbi.MaxMemoryPages)
        {
            yield return Diagnostic.Warning(
                "WEFT6130",
                null,
                $"The memory may grow to {Mebibytes(memory.Limits.Maximum.Value)} MiB, but Envoy stops it at 1 GiB.",
                "Set a maximum that you can afford for each worker thread (--max-memory)");
        }
        else if (memory.Limits.Maximum is null)
        {
            yield return new Diagnostic(
                "WEFT6131",
                Severity.Info,
                null,
                "The memory has no maximum: a leak goes on to 1 GiB in each worker thread.",
                "Set a maximum (--max-memory)");
        }
    }

    // A segment that does not fit makes every start fail, which the first run would show, but no validator does.
    private static IEnumerable<Diagnostic> Segments(WasmModule module)
    {
        foreach (var data in module.Data.Where(d => d.Memory < module.Memories.Length))
        {
            var size = module.Memories[(int)data.Memory].Limits.Minimum * (long)MemoryType.PageSize;
            if (Start(module, data.Start) is { } start && start + data.Bytes.Length > size)
            {
                yield return Outside($"Data for the bytes {start} to {start + data.Bytes.Length} does", "memory", size);
            }
        }

        foreach (var elements in module.Elements.Where(e => e.Table < module.Tables.Length))
        {
            var size = module.Tables[(int)elements.Table].Limits.Minimum;
            if (Start(module, elements.Start) is { } start && start + elements.Count > size)
            {
                yield return Outside($"Elements {start} to {start + elements.Count} do", "table", size);
            }
        }
    }

    private static Diagnostic Outside(string what, string target, long size) => Diagnostic.Error(
        "WEFT6121",
        null,
        $"{what} not fit into the {target}, which begins with {size}; the module could never be instantiated.",
        $"Make the {target} larger at the start");

    private static long? Start(WasmModule module, ByteRange? expression) =>
        expression is { } range ? ConstantValidation.Known(module, range) : null;

    private static long Mebibytes(uint pages) => pages * (long)MemoryType.PageSize >> 20;
}
