using Wasmtime;

namespace Weft.Wasm.Host;

/// <summary>Makes the instance of a machine, with the memory and tables that the module imports.</summary>
internal static class GuestInstance
{
    public static (Instance Instance, GuestMemory Memory) Create(PluginVm vm, Store store)
    {
        var module = vm.Module.Module;
        try
        {
            var linker = vm.Module.Linker;
            var imported = module.Imports.Any(i => i is MemoryImport or TableImport)
                ? linker = WithImports(linker.Clone(), store, module)
                : null;
            var instance = linker.Instantiate(store, module);
            var memory = MemoryOf(instance, imported, store, module);
            imported?.Dispose();
            return (instance, new(memory));
        }
        catch (WasmtimeException e)
        {
            throw new PluginException(
                PluginRule.Memory, $"{vm.Module.Name} cannot be made within the limits: {FailureText.Of(e)}", e);
        }
    }

    private static Linker WithImports(Linker linker, Store store, Module module)
    {
        foreach (var import in module.Imports)
        {
            if (import is MemoryImport memory)
            {
                linker.Define(import.ModuleName, import.Name, new Memory(store, memory.Minimum, memory.Maximum));
            }
            else if (import is TableImport table)
            {
                linker.Define(
                    import.ModuleName,
                    import.Name,
                    new Table(store, (TableKind)table.Kind, null, (uint)table.Minimum, (uint)table.Maximum));
            }
        }

        return linker;
    }

    private static Memory MemoryOf(Instance instance, Linker? linker, Store store, Module module)
    {
        if (module.Exports.OfType<MemoryExport>().FirstOrDefault() is { } export)
        {
            return instance.GetMemory(export.Name)!;
        }

        var import = module.Imports.OfType<MemoryImport>().Single();
        return linker!.GetMemory(store, import.ModuleName, import.Name)!;
    }
}
