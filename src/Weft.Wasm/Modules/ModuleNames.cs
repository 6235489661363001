using System.Collections.Frozen;

namespace Weft.Wasm.Modules;

/// <summary>What the <c>name</c> section tells: names for people, such as those in a backtrace.</summary>
/// <param name="Module">The name of the module; null if there is none.</param>
/// <param name="Functions">The names of functions by their indices; the first one, where an index has several.</param>
/// <param name="Problem">
/// What is wrong with the section, with the byte offset; null if nothing is. The module is as good without it for engines,
/// but Envoy refuses one whose <c>name</c> section it cannot read.
/// </param>
public sealed record ModuleNames(string? Module, FrozenDictionary<int, string> Functions, string? Problem)
{
    /// <summary>No names.</summary>
    public static ModuleNames Empty { get; } = new(null, FrozenDictionary<int, string>.Empty, null);

    /// <summary>The name of a function; <c>function 12</c> where it has none.</summary>
    /// <param name="index">The index of the function.</param>
    public string OfFunction(int index) =>
        Functions.TryGetValue(index, out var name) && name.Length > 0 ? name : $"function {index}";
}
