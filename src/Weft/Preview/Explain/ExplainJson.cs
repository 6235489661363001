using System.Text.Json.Nodes;
using Envoy.Config.Listener.V3;

namespace Weft.Preview;

/// <summary>An explanation for programs.</summary>
internal static class ExplainJson
{
    public static string Of(ExplainedNode explained) => PreviewJson.Text(new JsonObject
    {
        ["node"] = explained.Node,
        ["tables"] = Array(explained.Tables.Select(t => Table(explained.Config, t.Listener, t.Explanation))),
    });

    private static JsonObject Table(NodeConfig node, Listener listener, RouteExplanation explanation) => new()
    {
        ["table"] = explanation.Table.Name,
        ["listener"] = listener.Name,
        ["virtualHost"] = explanation.Choice?.Host.Name,
        ["domain"] = explanation.Choice?.Domain,
        ["routes"] = Array(explanation.Steps.Select(Step)),
        ["fates"] = Array(Fates.Of(explanation, node).Select(Fate)),
        ["does"] = Array(explanation.Takers.SelectMany(s => RouteFacts.Of(s.Route, node.Names)
            .Select(f => (JsonNode)new JsonObject { ["route"] = s.Index, ["field"] = f.Field, ["about"] = f.Label, ["words"] = f.Words }))),
    };

    private static JsonObject Step(RouteStep step) => new()
    {
        ["index"] = step.Index,
        ["name"] = step.Route.Name,
        ["verdict"] = step.Verdict switch
        {
            RouteVerdict.Misses => "misses",
            RouteVerdict.Unknown => "unknown",
            RouteVerdict.Loses => "loses",
            _ => "takes",
        },
        ["share"] = step.Share,
        ["match"] = Conditions.Sentence(step.Route.Match),
        ["against"] = Array(step.Against.Select(c => new JsonObject { ["condition"] = c.Words, ["found"] = c.Found })),
    };

    private static JsonObject Fate(Fate fate) => new()
    {
        ["share"] = fate.Share,
        ["status"] = fate.Status,
        ["cluster"] = fate.Target,
        ["endpoints"] = fate.Ready is { } ready ? Array(ready.Select(e => (JsonNode)JsonValue.Create(e)!)) : null,
    };

    private static JsonArray Array(IEnumerable<JsonNode> nodes) => new([.. nodes]);
}
