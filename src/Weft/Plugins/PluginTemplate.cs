using System.Security;
using Weft.Commands;

namespace Weft.Plugins;

/// <summary>The files of a new plugin. They lie in <c>Template/</c>, each with <c>.txt</c> after its name.</summary>
internal static class PluginTemplate
{
    private const string Prefix = "template/";

    /// <summary>All files, by their paths in the new folder.</summary>
    public static IEnumerable<(string Path, string Text)> Files(string name, SdkFolder sdk)
    {
        var assembly = typeof(PluginTemplate).Assembly;
        foreach (var resource in assembly.GetManifestResourceNames().Where(r => r.StartsWith(Prefix, StringComparison.Ordinal)))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
            var path = Filled(Path.ChangeExtension(resource[Prefix.Length..], null), name, sdk);
            yield return (path is "gitignore" or "editorconfig" ? "." + path : path, Filled(reader.ReadToEnd(), name, sdk));
        }
    }

    /// <summary>Writes a new plugin.</summary>
    /// <param name="folder">Which must not be there yet; its last part is the plugin's name.</param>
    /// <exception cref="CommandException">It cannot be written.</exception>
    public static void Write(string folder, SdkFolder sdk)
    {
        try
        {
            foreach (var (path, text) in Files(Path.GetFileName(folder), sdk))
            {
                var file = Path.Combine(folder, path);
                Directory.CreateDirectory(Path.GetDirectoryName(file)!);
                File.WriteAllText(file, text);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CommandException($"The plugin cannot be written: {e.Message}", e);
        }
    }

    // Names are plain by their rule; a path may hold what XML has another meaning for.
    private static string Filled(string text, string name, SdkFolder sdk) => text
        .Replace("__name__", name, StringComparison.Ordinal)
        .Replace("__Namespace__", PluginName.Namespace(name), StringComparison.Ordinal)
        .Replace("__version__", sdk.Version, StringComparison.Ordinal)
        .Replace("__program__", SecurityElement.Escape(SdkFolder.Program), StringComparison.Ordinal)
        .Replace("__sdk__", SecurityElement.Escape(sdk.Path), StringComparison.Ordinal);
}
