using Weft.Commands;
using Weft.Up;

namespace Weft.Plugins;

/// <summary>Binaryen's optimizer, where it is installed.</summary>
internal static class WasmOpt
{
    /// <summary>Makes a module smaller.</summary>
    /// <exception cref="CommandException">The program is missing, or fails.</exception>
    public static async Task<byte[]> RunAsync(byte[] module, bool names, CancellationToken cancellation)
    {
        var folder = Directory.CreateTempSubdirectory("weft-");
        try
        {
            var (from, to) = (Path.Combine(folder.FullName, "in.wasm"), Path.Combine(folder.FullName, "out.wasm"));
            await File.WriteAllBytesAsync(from, module, cancellation);
            var (code, lines) = await FiniteProgram.RunAsync(
                "wasm-opt", [from, "-o", to, "-Oz", "--enable-bulk-memory", "--enable-sign-ext", .. names ? ["-g"] : Array.Empty<string>()],
                folder.FullName, cancellation);
            return code == 0
                ? await File.ReadAllBytesAsync(to, cancellation)
                : throw new CommandException($"wasm-opt ended with {code}: {lines}");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
