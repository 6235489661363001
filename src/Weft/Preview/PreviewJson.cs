using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Weft.Preview;

/// <summary>How answers of the commands are written as JSON: indented, and without escapes that only HTML needs.</summary>
internal static class PreviewJson
{
    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string Text(JsonNode node) => node.ToJsonString(Indented);

    public static string Array(IEnumerable<JsonNode> nodes) => Text(new JsonArray([.. nodes]));
}
