using Weft.Flow;

namespace Weft.Wasm.Checking;

// How a plugin starts: hosts call _initialize and then main or __main_void; without _initialize, _start; else nothing.
internal static class StartRules
{
    private static readonly string[] NeedInitialize = ["main", "__main_void", "__wasm_call_ctors"];

    public static IEnumerable<Diagnostic> Check(Plugin plugin)
    {
        if (plugin.Module.Start is not null)
        {
            yield return Diagnostic.Warning(
                "WEFT6137",
                null,
                "The module has a start section, which runs before Envoy is ready: a call of the host from it can crash the proxy.",
                "Export _initialize instead");
        }

        if (plugin.Exports("_initialize"))
        {
            if (plugin.Exports("_start"))
            {
                yield return Never("_start", "it exports _initialize too", "Export one of them");
            }
        }
        else if (!plugin.Exports("_start"))
        {
            foreach (var start in NeedInitialize.Where(plugin.Exports))
            {
                yield return Never(start, "it does not export _initialize", "Build it as a reactor (-mexec-model=reactor)");
            }
        }
    }

    private static Diagnostic Never(string start, string reason, string fix) => Diagnostic.Warning(
        "WEFT6138", null, $"Hosts never call {start} of this module, since {reason}.", fix);
}
