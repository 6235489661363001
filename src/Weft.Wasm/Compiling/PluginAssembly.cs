namespace Weft.Wasm.Compiling;

/// <summary>One assembly that goes into a plugin: the plugin itself, its SDK, or another library of the subset.</summary>
/// <param name="Image">The bytes of the .dll, compiled with optimizations.</param>
/// <param name="Symbols">The bytes of its portable .pdb; without them diagnostics and faults name no lines.</param>
public sealed record PluginAssembly(byte[] Image, byte[]? Symbols = null);
