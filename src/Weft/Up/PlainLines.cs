using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Weft.Up;

/// <summary>The view as a line, for logs and pipes.</summary>
internal static class PlainLines
{
    public static string Text(MeshView view)
    {
        var services = view.Services.Where(s => s.Requests > 0).Select(s => $"{s.Name}: {string.Join(' ', s.Versions.Select(Share))}");
        return string.Create(
            CultureInfo.InvariantCulture,
            $"proxies {view.ProxiesSynced}/{view.Proxies} synced, {view.Requests:0.0} requests/s, {view.Errors:0.0%} errors; {string.Join("; ", services)}");
    }

    public static string Json(MeshView view) => JsonSerializer.Serialize(view, MeshViewJson.Default.MeshView);

    private static string Share(VersionView version) =>
        string.Create(CultureInfo.InvariantCulture, $"{version.Version} {version.Share:0%}");
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(MeshView))]
internal sealed partial class MeshViewJson : JsonSerializerContext;
