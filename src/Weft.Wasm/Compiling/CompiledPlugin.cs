using System.Collections.Immutable;
using Weft.Flow;

namespace Weft.Wasm.Compiling;

/// <summary>What became of a plugin.</summary>
/// <param name="Module">The bytes of the module; null where there are errors.</param>
/// <param name="Diagnostics">What is not in the subset, each with its place in the C# source.</param>
/// <param name="Functions">How many functions the module has.</param>
public sealed record CompiledPlugin(byte[]? Module, ImmutableArray<Diagnostic> Diagnostics, int Functions);
