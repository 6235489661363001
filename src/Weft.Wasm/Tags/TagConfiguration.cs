using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace Weft.Wasm.Tags;

/// <summary>
/// The configuration of the plugin TrafficTag. It is written as JSON, in the plugin's own form or in that of Higress's
/// <c>traffic-tag</c>, and compiled for the plugin, which reads nothing else: <c>{"compiled": "…"}</c>, base64 as in URLs.
/// So mistakes are found before a proxy sees them, and what runs for each request is small.
/// </summary>
public static class TagConfiguration
{
    private const string Compiled = "compiled";

    private static readonly JsonDocumentOptions Options = new() { AllowDuplicateProperties = false };

    /// <summary>A configuration without rules, compiled.</summary>
    public static string Empty { get; } = Compile(JsonDocument.Parse("{}").RootElement);

    /// <summary>Compiles a configuration. One that is compiled stays as it is.</summary>
    /// <param name="configuration">The configuration, JSON.</param>
    /// <param name="compiled">The configuration for the plugin.</param>
    /// <param name="mistake">What is wrong: WEFT6201, WEFT6202 or WEFT6203.</param>
    public static bool TryCompile(
        string configuration, [NotNullWhen(true)] out string? compiled, [NotNullWhen(false)] out TagMistake? mistake)
    {
        compiled = null;
        mistake = null;
        try
        {
            using var document = JsonDocument.Parse(configuration, Options);
            compiled = IsCompiled(document.RootElement) ? configuration : Compile(document.RootElement);
            return true;
        }
        catch (JsonException e)
        {
            mistake = new("$", "WEFT6203", $"the configuration is not JSON: {e.Message}", null);
        }
        catch (TagMistakeException e)
        {
            mistake = e.Mistake;
        }

        return false;
    }

    private static bool IsCompiled(JsonElement root) =>
        root.ValueKind == JsonValueKind.Object && root.GetPropertyCount() == 1 && root.TryGetProperty(Compiled, out _);

    private static string Compile(JsonElement root) =>
        $$"""{"{{Compiled}}":"{{Base64Url.EncodeToString(TagRuleWriter.Write(TagRuleReader.Read(root)))}}"}""";
}
