using System.Collections.Frozen;
using Wasmtime;

namespace Weft.Wasm.Host;

/// <summary>
/// A plugin's module, checked and compiled once, from which any number of machines are made. For several threads at
/// once. Its machines must be disposed before it.
/// </summary>
public sealed class PluginModule : IDisposable
{
    private readonly FrozenSet<string> _functions;

    private PluginModule(PluginEngine engine, string name, Module module)
    {
        Engine = engine;
        Name = name;
        Module = module;
        _functions = module.Exports.OfType<FunctionExport>().Select(e => e.Name).ToFrozenSet(StringComparer.Ordinal);
        Abi = ModuleRules.AbiOf(module);
        ModuleRules.CheckExports(module, Abi);
        Linker = HostFunctions.LinkerFor(engine.Engine, module, Abi);
    }

    /// <summary>What it is called in messages.</summary>
    public string Name { get; }

    /// <summary>The version of the ABI that it is written for.</summary>
    public AbiVersion Abi { get; }

    internal PluginEngine Engine { get; }

    internal Module Module { get; }

    internal Linker Linker { get; }

    /// <summary>
    /// Whether it exports a function, such as <c>proxy_on_response_headers</c>: a proxy need not prepare what nobody looks at.
    /// </summary>
    public bool Exports(string function) => _functions.Contains(function);

    /// <summary>Checks and compiles a module.</summary>
    /// <param name="engine">Compiles it.</param>
    /// <param name="name">What it is called in messages.</param>
    /// <param name="bytes">The module, in the binary format.</param>
    /// <exception cref="PluginException">It breaks a rule of the hosts.</exception>
    public static PluginModule Load(PluginEngine engine, string name, ReadOnlySpan<byte> bytes)
    {
        Module module;
        try
        {
            module = Module.FromBytes(engine.Engine, name, bytes);
        }
        catch (WasmtimeException e)
        {
            throw new PluginException(PluginRule.ValidModule, $"{name} is not a valid module: {e.Message}", e);
        }

        return Check(engine, name, module);
    }

    /// <summary>Checks and compiles a module in the text format.</summary>
    /// <inheritdoc cref="Load"/>
    /// <param name="text">The module.</param>
    public static PluginModule LoadText(PluginEngine engine, string name, string text)
    {
        byte[] bytes;
        try
        {
            bytes = Module.ConvertText(text);
        }
        catch (WasmtimeException e)
        {
            throw new PluginException(PluginRule.ValidModule, $"{name} is not a valid module: {e.Message}", e);
        }

        return Load(engine, name, bytes);
    }

    /// <summary>Lets the compiled code go.</summary>
    public void Dispose()
    {
        Linker.Dispose();
        Module.Dispose();
    }

    private static PluginModule Check(PluginEngine engine, string name, Module module)
    {
        try
        {
            return new(engine, name, module);
        }
        catch (PluginException e)
        {
            module.Dispose();
            throw new PluginException(e.Rule, $"{name}: {e.Message}", e);
        }
    }
}
