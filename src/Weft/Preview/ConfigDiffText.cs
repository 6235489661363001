using System.Text;
using System.Text.Json.Nodes;

namespace Weft.Preview;

/// <summary>How a node stands to what it is served, for people and for programs.</summary>
internal static class ConfigDiffText
{
    public static string Of(IEnumerable<ConfigDrift> drifts)
    {
        var text = new StringBuilder();
        foreach (var drift in drifts)
        {
            text.Append(drift.Type).Append(": ").Append(StateOf(drift)).Append('\n');
            foreach (var resource in drift.Resources ?? [])
            {
                text.Append("  ").Append(resource.Kind.Sign).Append(' ').Append(Words.Shown(resource.Name)).Append('\n');
                foreach (var field in resource.Fields)
                {
                    text.Append("      ").Append(field).Append('\n');
                }
            }
        }

        return text.ToString();
    }

    public static string Json(IEnumerable<ConfigDrift> drifts) => PreviewJson.Array(drifts.Select(drift => (JsonNode)new JsonObject
    {
        ["type"] = drift.Type,
        ["state"] = drift.Held?.State ?? "unrequested",
        ["error"] = drift.Held?.Error,
        ["served"] = drift.Served,
        ["held"] = drift.Held?.Resources ?? 0,
        ["heldVersion"] = drift.Held?.Version,
        ["differs"] = drift.Resources is { } resources ? new JsonArray([.. resources.Select(Json)]) : null,
    }));

    private static JsonObject Json(DriftedResource resource) => new()
    {
        ["kind"] = resource.Kind.Name,
        ["name"] = resource.Name,
        ["fields"] = new JsonArray([.. resource.Fields.Select(f => (JsonNode)new JsonObject
        {
            ["path"] = f.Path, ["before"] = f.Before, ["after"] = f.After,
        })]),
    };

    private static string StateOf(ConfigDrift drift) => drift.Held switch
    {
        null or { State: "unrequested" } => $"the node has not asked for it; {drift.Served} are served",
        { State: "synced" } held => $"synced, {held.Resources} of {drift.Served}",
        { Error: { } error } => $"rejected: {Words.Shown(error)}",
        var held => $"{held.State}, {held.Resources} of {drift.Served}"
            + (drift.Resources is null ? $" at version {held.Version}, of which the control plane has no copy" : ""),
    };
}
