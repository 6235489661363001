using System.Collections.Frozen;
using Wasmtime;

namespace Weft.Wasm.Host;

/// <summary>All functions that a plugin can import, and what a module gets of them.</summary>
internal static class HostFunctions
{
    private static readonly FrozenDictionary<string, HostFunction> Proxy = ByName(ProxyFunctions.All);
    private static readonly FrozenDictionary<string, HostFunction> Wasi = ByName(WasiFunctions.All);

    /// <summary>A linker with what a module imports; its machines share it.</summary>
    /// <exception cref="PluginException">It imports what is not offered.</exception>
    public static Linker LinkerFor(Engine engine, Module module, AbiVersion abi)
    {
        var linker = new Linker(engine);
        try
        {
            foreach (var import in module.Imports.DistinctBy(i => (i.ModuleName, i.Name)))
            {
                if (import is FunctionImport function)
                {
                    Offered(function, abi).Define(linker, function.ModuleName);
                }
                else if (import is not (MemoryImport or TableImport))
                {
                    throw new PluginException(
                        PluginRule.Import,
                        $"{Full(import)} is imported, and hosts offer only functions, a memory and tables");
                }
            }

            return linker;
        }
        catch
        {
            linker.Dispose();
            throw;
        }
    }

    private static HostFunction Offered(FunctionImport import, AbiVersion abi)
    {
        var functions = import.ModuleName switch
        {
            "env" => Proxy,
            "wasi_snapshot_preview1" or "wasi_unstable" => Wasi,
            _ => FrozenDictionary<string, HostFunction>.Empty,
        };
        if (!functions.TryGetValue(import.Name, out var function)
            || (function.Versions is { } versions && !versions.Contains(abi)))
        {
            throw new PluginException(
                PluginRule.Import, $"missing import: {Full(import)} is not offered in version {Words(abi)}");
        }

        var found = Signature.Of(import);
        return found == function.Type ? function : throw new PluginException(
            PluginRule.ImportSignature,
            $"import type mismatch: {Full(import)} is imported as {found}, and hosts offer {function.Type}");
    }

    private static string Full(Import import) => $"{import.ModuleName}.{import.Name}";

    private static string Words(AbiVersion abi) => abi switch
    {
        AbiVersion.V010 => "0.1.0",
        AbiVersion.V020 => "0.2.0",
        _ => "0.2.1",
    };

    private static FrozenDictionary<string, HostFunction> ByName(IEnumerable<HostFunction> functions) =>
        functions.ToFrozenDictionary(f => f.Name);
}
