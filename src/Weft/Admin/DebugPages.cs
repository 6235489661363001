using Weft.Xds;

namespace Weft.Admin;

/// <summary>The pages that show contents: what is served, and the manifests in force.</summary>
internal static class DebugPages
{
    // As characters of all files together; more is for a person to look up on disk.
    private const int MostText = 16 << 20;

    /// <summary><c>/debug/config</c>: all that is served, also as bytes; with <c>?node=</c>, what one node is served.</summary>
    public static IResult Config(XdsServer server, ServedPast past, string? node, string? form) =>
        node is null && form == "bytes" ? Results.Json(ServedBytes.Of(server.Groups.Value), ConfigJson.Dense.ServedBytes)
        : node is null ? Results.Json(ServedView.Of(server.Groups.Value), ConfigJson.Dense.ServedView)
        : NodeConfigView.Of(server, past, node) is { } view ? Results.Json(view, ConfigJson.Plain.NodeConfigView)
        : Results.Text($"no node '{node}' is connected, and no Workload has this name\n", statusCode: StatusCodes.Status404NotFound);

    /// <summary><c>/debug/manifests</c>: the text of the files in force.</summary>
    public static IResult Manifests(ManifestTexts texts)
    {
        var files = texts.InForce.Value.Files;
        return files.Sum(f => (long)f.Text.Length) <= MostText
            ? Results.Json(files, ConfigJson.Plain.ImmutableArrayManifestText)
            : Results.Text("the manifests are larger than 16 MiB\n", statusCode: StatusCodes.Status413PayloadTooLarge);
    }
}
