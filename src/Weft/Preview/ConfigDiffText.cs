using System.Text;
using System.Text.Json.Nodes;
using Weft.Admin;

namespace Weft.Preview;

/// <summary>What a node is served against what it has accepted, in words.</summary>
internal static class ConfigDiffText
{
    public static string Of(NodeConfigView view, IReadOnlyCollection<ResourceBody> chosen)
    {
        var text = new StringBuilder();
        foreach (var (type, served) in Counts(view, chosen))
        {
            text.Append(type).Append(": ").Append(StateOf(view, type, served)).Append('\n');
        }

        return text.ToString();
    }

    public static string Json(NodeConfigView view, IReadOnlyCollection<ResourceBody> chosen) =>
        PreviewJson.Array(Counts(view, chosen).Select(c => (JsonNode)new JsonObject { ["type"] = c.Type, ["served"] = c.Served }));

    private static IEnumerable<(string Type, int Served)> Counts(NodeConfigView view, IReadOnlyCollection<ResourceBody> chosen) =>
        view.Types.Keys.Union(chosen.Select(r => r.Type)).Order(StringComparer.Ordinal)
            .Select(type => (type, chosen.Count(r => r.Type == type)));

    private static string StateOf(NodeConfigView view, string type, int served) =>
        view.Types.TryGetValue(type, out var held)
            ? $"{held.State}, {held.Resources} of {served}"
            : $"not connected, 0 of {served}";
}
