using System.Collections.Immutable;
using Weft.Flow;
using Weft.Model;
using Weft.Wasm.Checking;

namespace Weft.Manifests.Modules;

/// <summary>Bytes that were read for a plugin, and whether proxies take them. To know that takes time: once for the same bytes.</summary>
internal sealed class ReadModule
{
    // "\0asm" and version 1 of a module; a component has another version.
    private static ReadOnlySpan<byte> Beginning => [0, (byte)'a', (byte)'s', (byte)'m', 1, 0, 0, 0];

    private ReadModule(PluginModule module, bool isModule, Diagnostic? refusal) =>
        (Module, IsModule, Refusal) = (module, isModule, refusal);

    /// <summary>The bytes; they need not be a good module.</summary>
    public PluginModule Module { get; }

    /// <summary>Whether they begin as one.</summary>
    public bool IsModule { get; }

    /// <summary>Why proxies would not load it; null where they would.</summary>
    public Diagnostic? Refusal { get; }

    public static ReadModule Of(ImmutableArray<byte> code)
    {
        // What is younger than WebAssembly 2.0 the check does not know, and proxies may.
        var isModule = code.AsSpan().StartsWith(Beginning);
        var refusal = isModule
            ? PluginCheck.Check(code.AsMemory()).FirstOrDefault(f => f is { Severity: Severity.Error, Code: not "WEFT6104" })
            : null;
        return new(PluginModule.Of(code), isModule, refusal);
    }
}
