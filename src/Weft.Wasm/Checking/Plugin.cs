using System.Collections.Frozen;
using Weft.Wasm.Abi;
using Weft.Wasm.Modules;

namespace Weft.Wasm.Checking;

// A module as the rules look at it.
internal sealed class Plugin
{
    private readonly FrozenDictionary<string, ModuleFunction> _exports;

    public Plugin(WasmModule module)
    {
        Module = module;
        _exports = Functions(module).DistinctBy(e => e.Name).ToFrozenDictionary(e => e.Name, e => e.Function);

        // A host takes the first marker in the order of the exports.
        Version = Functions(module).Select(e => ProxyWasmAbi.VersionOf(e.Name)).FirstOrDefault(v => v != AbiVersions.None);
    }

    public WasmModule Module { get; }

    // None where the module names no version; rules that depend on it are silent then.
    public AbiVersions Version { get; }

    public IEnumerable<(string Name, ModuleFunction Function)> ExportedFunctions => Functions(Module);

    public bool Exports(string function) => _exports.ContainsKey(function);

    // Hosts look for functions only: a global named malloc is none.
    private static IEnumerable<(string Name, ModuleFunction Function)> Functions(WasmModule module) =>
        from export in module.Exports
        where export.Kind == ExternKind.Function
        select (export.Name, module.Functions[(int)export.Index]);
}
