using System.Text;
using Weft.Flow;
using Weft.Manifests;

namespace Weft.Tests.Manifests;

/// <summary>Short ways to decode a text and to write down what was found.</summary>
internal static class Decoded
{
    public static ManifestFile File(string text, string path = "a.yaml") =>
        ManifestDecoder.Decode(path, Encoding.UTF8.GetBytes(text));

    /// <summary>The only object of a text without findings.</summary>
    public static T Only<T>(string text)
    {
        Assert.Equal("", Findings(text));
        return Assert.IsType<T>(Assert.Single(File(text).Documents).Config);
    }

    public static IEnumerable<Diagnostic> Diagnostics(ManifestFile file) =>
        file.Diagnostics.Concat(file.Documents.SelectMany(d => d.Diagnostics));

    /// <summary>All findings in short, in order of their places: <c>5:3 error WEFT1012</c>.</summary>
    public static string Findings(string text) => Short(Diagnostics(File(text)));

    public static string Short(IEnumerable<Diagnostic> found) => string.Join(", ", found
        .OrderBy(d => d.Where!.Line).ThenBy(d => d.Where!.Column).ThenBy(d => d.Code, StringComparer.Ordinal)
        .Select(d => $"{d.Where!.Line}:{d.Where.Column} {d.Severity.ToString().ToLowerInvariant()} {d.Code}"));

    /// <summary>The message and the fix of the only finding.</summary>
    public static string Message(string text)
    {
        var finding = Assert.Single(Diagnostics(File(text)));
        return $"{finding.Message} ({finding.Fix})";
    }

    /// <summary>A document whose spec begins at line 5, column 3.</summary>
    public static string Document(string apiVersion, string kind, string spec) =>
        $"apiVersion: {apiVersion}\nkind: {kind}\nmetadata: {{name: a}}\nspec:\n{Indented(spec)}\n";

    public static string Indented(string text) => string.Join('\n', text.Split('\n').Select(l => "  " + l));
}
