namespace Weft.Wasm.Host;

/// <summary>What a plugin must keep to be taken, by Envoy as by this host.</summary>
public enum PluginRule
{
    /// <summary>The bytes are a WebAssembly module, of features that hosts offer.</summary>
    ValidModule,

    /// <summary>A function is exported that is named after a known version of the ABI.</summary>
    AbiMarker,

    /// <summary><c>malloc</c> or <c>proxy_on_memory_allocate</c> is exported.</summary>
    Allocator,

    /// <summary>There is one memory, of at most 1 GiB.</summary>
    Memory,

    /// <summary>What is imported is offered in the module's version of the ABI.</summary>
    Import,

    /// <summary>What is imported has the type that is offered.</summary>
    ImportSignature,

    /// <summary>What the host calls has the type that the host calls it with.</summary>
    ExportSignature,

    /// <summary>The start of the module ends, and calls nothing but the log and harmless parts of WASI.</summary>
    Start,

    /// <summary><c>proxy_on_vm_start</c> returns true.</summary>
    VmStart,

    /// <summary><c>proxy_on_configure</c> returns true.</summary>
    Configuration,
}
