using Weft.Commands;

namespace Weft.Plugins;

/// <summary>The packages that plugins refer to, beside this program.</summary>
/// <param name="Path">The folder.</param>
/// <param name="Version">Their version.</param>
internal sealed record SdkFolder(string Path, string Version)
{
    private const string Package = "Weft.Wasm.Sdk.";
    private const string Extension = ".nupkg";

    /// <summary>The program itself, by which a project's build calls it.</summary>
    public static string Program => System.IO.Path.Combine(AppContext.BaseDirectory, "weft");

    /// <summary>The folder of this program; null where none was put beside it.</summary>
    public static SdkFolder? Find()
    {
        var folder = System.IO.Path.Combine(AppContext.BaseDirectory, "sdk");
        var package = Directory.Exists(folder)
            ? Directory.EnumerateFiles(folder, $"{Package}*{Extension}").Order(StringComparer.Ordinal).FirstOrDefault()
            : null;
        return package is null
            ? null
            : new(folder, System.IO.Path.GetFileName(package)[Package.Length..^Extension.Length]);
    }

    /// <summary>The folder of this program.</summary>
    /// <exception cref="CommandException">There is none.</exception>
    public static SdkFolder Require() => Find() ?? throw new CommandException(
        $"The packages for plugins are not in '{System.IO.Path.Combine(AppContext.BaseDirectory, "sdk")}': publish Weft with "
        + "'make build' or 'dotnet publish', which put them there.");
}
