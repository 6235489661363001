using System.Collections.Immutable;
using Weft.Flow;
using Weft.Wasm.Modules;

namespace Weft.Wasm.Checking;

/// <summary>
/// Says before it is deployed whether a proxy takes a plugin. It applies the rules of Envoy's host library
/// (proxy-wasm-cpp-host with V8), which answers with one line in its log and no plugin.
/// </summary>
public static class PluginCheck
{
    private const int MaxFindings = 100;

    // In the order in which a host applies them.
    private static readonly Func<Plugin, IEnumerable<Diagnostic>>[] Rules =
        [VersionRules.Check, SectionRules.Check, ImportRules.Check, MemoryRules.Check, ExportRules.Check, StartRules.Check];

    /// <summary>Checks a plugin. Time and memory are bounded by its size, whatever its bytes are.</summary>
    /// <param name="bytes">The module as the proxy would get it.</param>
    /// <param name="file">What the findings name as their place; null for none.</param>
    /// <returns>
    /// What is wrong (no proxy loads it), unwise, or worth knowing, each with a fix; at most 100. Codes are
    /// <c>WEFT61xx</c>, which docs/diagnostics.md lists. A module that cannot be read has one finding.
    /// </returns>
    public static ImmutableArray<Diagnostic> Check(ReadOnlyMemory<byte> bytes, string? file = null) =>
        WasmModule.TryRead(bytes, out var module, out var refusal) ? Check(module, file) : [In(file, refusal)];

    /// <summary>Checks a plugin that has been read.</summary>
    /// <param name="module">The module as the proxy would get it.</param>
    /// <param name="file">What the findings name as their place; null for none.</param>
    /// <returns>As the other form.</returns>
    public static ImmutableArray<Diagnostic> Check(WasmModule module, string? file = null)
    {
        ArgumentNullException.ThrowIfNull(module);
        var invalid = ModuleValidator.Validate(module);

        // Indices may point nowhere in a module whose outer parts are invalid; only one with sound exports goes on.
        if (!HasSoundExports(module))
        {
            return [.. invalid.Select(d => In(file, d))];
        }

        var plugin = new Plugin(module);
        return [.. invalid.Concat(Rules.SelectMany(rule => rule(plugin))).Take(MaxFindings).Select(d => In(file, d))];
    }

    private static bool HasSoundExports(WasmModule module) =>
        module.Exports.All(e => e.Index < e.Kind switch
        {
            ExternKind.Function => module.Functions.Length,
            ExternKind.Table => module.Tables.Length,
            ExternKind.Memory => module.Memories.Length,
            _ => module.Globals.Length,
        });

    private static Diagnostic In(string? file, Diagnostic finding) =>
        file is null ? finding : finding with { Where = new SourcePosition(file) };
}
