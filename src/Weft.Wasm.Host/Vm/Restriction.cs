namespace Weft.Wasm.Host;

/// <summary>When a plugin may call little of the host.</summary>
internal enum Restriction
{
    /// <summary>It may call all of it.</summary>
    None,

    /// <summary>Its start runs: there is no plugin yet. Log, clocks and the harmless part of WASI.</summary>
    Starting,

    /// <summary>Its allocator runs within a host call. Log and clock.</summary>
    Allocating,
}
