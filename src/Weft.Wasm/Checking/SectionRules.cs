using System.Globalization;
using Weft.Flow;

namespace Weft.Wasm.Checking;

// The module as a file: how large it is, and its custom sections.
internal static class SectionRules
{
    private const int WiseSize = 1 << 20;

    public static IEnumerable<Diagnostic> Check(Plugin plugin)
    {
        var module = plugin.Module;
        if (module.Names.Problem is { } problem)
        {
            yield return Diagnostic.Error(
                "WEFT6120",
                null,
                $"Envoy refuses a module whose name section it cannot read: {problem}",
                "Build it again, or strip the section (wasm-strip)");
        }
        else if (module.Names.Functions.Count == 0)
        {
            yield return Diagnostic.Warning(
                "WEFT6132",
                null,
                "The module has no names of functions, so the backtraces in Envoy's log show numbers only.",
                "Keep the name section: link without --strip-all");
        }

        if (module.Bytes.Length > WiseSize)
        {
            yield return Diagnostic.Warning(
                "WEFT6133",
                null,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"The module has {module.Bytes.Length / (double)WiseSize:0.0} MiB, which each worker thread keeps compiled."),
                "Build for size, and strip debug sections");
        }

        // Hosts look for the word anywhere in the name.
        foreach (var section in module.CustomSections.Where(s => s.Name.Contains("precompiled_", StringComparison.Ordinal)))
        {
            yield return Diagnostic.Warning(
                "WEFT6139",
                null,
                $"Hosts remove the section \"{section.Name}\"; one that is told to allow precompiled code runs it unverified.",
                "Strip the section");
        }
    }
}
