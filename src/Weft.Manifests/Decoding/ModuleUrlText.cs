using System.Buffers;
using Weft.Flow;
using Weft.Manifests.Yaml;
using Weft.Model;

namespace Weft.Manifests.Decoding;

/// <summary>
/// Reads where a module is: <c>file:</c> with a path, relative to the manifest's folder or absolute, <c>http:</c> or
/// <c>https:</c>, or <c>weft:</c> with the name of one that comes with the program. Without a scheme Istio takes a
/// registry to be meant, as <c>oci:</c> says.
/// </summary>
internal static class ModuleUrlText
{
    private const string File = "file:";
    private const string Shipped = "weft://";

    private static readonly SearchValues<char> NameCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

    /// <summary>The folder of the modules that come with the program, beside it.</summary>
    private static string ShippedFolder => Path.Combine(AppContext.BaseDirectory, "plugins");

    /// <summary>Whether it is TrafficTag, of the modules that come with the program.</summary>
    public static bool IsTrafficTag(ModuleUrl url) => url.Path == PathOf("TrafficTag");

    public static ModuleUrl Read(FieldReader spec, string field)
    {
        if (spec.Text(field) is not { } text)
        {
            return new(null, null, spec.Where);
        }

        if (text.Text.StartsWith(File, StringComparison.OrdinalIgnoreCase))
        {
            return new(PathOf(text.Text[File.Length..], text.Where, spec, field), null, text.Where);
        }

        if (text.Text.StartsWith(Shipped, StringComparison.OrdinalIgnoreCase) && IsName(text.Text.AsSpan(Shipped.Length)))
        {
            return new(PathOf(text.Text[Shipped.Length..]), null, text.Where);
        }

        if (Uri.TryCreate(text.Text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url.Host.Length > 0)
        {
            return new(null, url, text.Where);
        }

        var isRegistry = text.Text.StartsWith("oci:", StringComparison.OrdinalIgnoreCase) || !text.Text.Contains(':', StringComparison.Ordinal);
        spec.Findings.Error(
            "WEFT1118", text.Where,
            isRegistry
                ? $"{spec.PathOf(field)}: {Excerpt.Of(text.Text)} names an image in a registry, and registries are not read."
                : $"{spec.PathOf(field)}: {Excerpt.Of(text.Text)} is no URL that modules are read from.",
            "write file:// with the path of the module, or http:// or https:// with where it is served");
        return new(null, null, text.Where);
    }

    private static string PathOf(string shipped) => Path.Combine(ShippedFolder, shipped + ".wasm");

    // A name alone leads nowhere else.
    private static bool IsName(ReadOnlySpan<char> name) =>
        name.Length is > 0 and <= 64 && !name.ContainsAnyExcept(NameCharacters);

    // "file://plugin.wasm" is the file beside the manifest: nobody means a machine of that name.
    private static string? PathOf(string rest, SourcePosition where, FieldReader spec, string field)
    {
        var path = Uri.UnescapeDataString(rest.StartsWith("//", StringComparison.Ordinal) ? rest[2..] : rest);
        if (path.Length > 0 && !path.Contains('\0', StringComparison.Ordinal))
        {
            return Path.Combine(Path.GetDirectoryName(where.File) ?? "", path);
        }

        spec.Findings.Error(
            "WEFT1118", where, $"{spec.PathOf(field)} names no file.", "write file:// with the path of the module");
        return null;
    }
}
