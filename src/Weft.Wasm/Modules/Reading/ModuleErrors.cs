using System.Globalization;
using Weft.Flow;

namespace Weft.Wasm.Modules.Reading;

// The ways in which bytes are not a module that a proxy runs. Each names the byte.
internal static class ModuleErrors
{
    public static WasmFormatException NoModule(string what, string fix) =>
        new(Diagnostic.Error("WEFT6101", null, what, fix));

    public static WasmFormatException Malformed(int offset, string what) =>
        new(Diagnostic.Error(
            "WEFT6102", null, $"The module is malformed at {Place(offset)}: {what}.", "Build it again, or copy it whole"));

    public static WasmFormatException Invalid(int offset, string what) =>
        new(Diagnostic.Error(
            "WEFT6103", null, $"The module is invalid at {Place(offset)}: {what}.", "Correct the compiler that made it"));

    public static WasmFormatException Unsupported(int offset, string feature) =>
        new(Diagnostic.Error(
            "WEFT6104",
            null,
            $"The module uses {feature} at {Place(offset)}, which is beyond WebAssembly 2.0.",
            "Switch that feature off in the compiler"));

    public static WasmFormatException OverLimit(int offset, string what, long limit) =>
        new(Diagnostic.Error(
            "WEFT6105",
            null,
            string.Create(CultureInfo.InvariantCulture, $"The module has {what} at {Place(offset)}; the limit is {limit}."),
            "Make the module smaller"));

    public static string Place(int offset) =>
        string.Create(CultureInfo.InvariantCulture, $"byte {offset} (0x{offset:x})");
}
