using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Weft.Flow;
using Weft.Manifests.Decoding;
using Weft.Manifests.Yaml;

namespace Weft.Manifests;

/// <summary>Bytes of a YAML or JSON file → documents. Pure; any bytes give an answer.</summary>
public static class ManifestDecoder
{
    // Several follow the files of a folder; a file is decoded once, by whoever is first.
    private static readonly ConditionalWeakTable<FolderFile, Lazy<ManifestFile>> Decoded = [];

    /// <summary>The documents of a file that was read.</summary>
    public static ManifestFile Decode(FolderFile file) => Decoded.GetValue(file, static file => new(() =>
        file.Error is null ? Decode(file.Path, file.Content.AsSpan()) : Unread(file.Path, file.Error))).Value;

    /// <summary>The documents of these bytes.</summary>
    /// <param name="path">The path as diagnostics show it.</param>
    public static ManifestFile Decode(string path, ReadOnlySpan<byte> content)
    {
        if (content.Length > YamlLimits.MaxFileSize)
        {
            return Unread(path, TooLarge(path));
        }

        var (text, error) = SourceText.Decode(path, content);
        if (error is not null)
        {
            return Unread(path, error);
        }

        var file = YamlReader.Read(path, text);
        var documents = file.Documents.SelectMany(DocumentDecoder.Decode).ToImmutableArray();
        return new(path, Bounded(documents), file.Stop is null ? [] : [file.Stop], file.Stop is null);
    }

    /// <summary>A file of which nothing could be read, and why.</summary>
    public static ManifestFile Unread(string path, Diagnostic why) => new(path, [], [why], false);

    internal static Diagnostic TooLarge(string path) => Diagnostic.Error(
        "WEFT1003", new(path), $"The file is larger than {YamlLimits.MaxFileSize >> 20} MiB.", "split it");

    // A file of nothing but mistakes must not flood whoever shows them; every document keeps its first.
    private static ImmutableArray<ManifestDocument> Bounded(ImmutableArray<ManifestDocument> documents)
    {
        var left = YamlLimits.MaxFindings;
        return documents.Sum(d => d.Diagnostics.Length) <= left
            ? documents
            : [.. documents.Select(d =>
            {
                var shown = Math.Clamp(left, 1, Math.Max(1, d.Diagnostics.Length));
                left -= shown;
                return d with { Diagnostics = [.. d.Diagnostics.OrderByDescending(x => x.Severity).Take(shown)] };
            })];
    }
}
