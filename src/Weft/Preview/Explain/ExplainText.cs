using System.Text;
using Envoy.Config.Listener.V3;

namespace Weft.Preview;

/// <summary>An explanation for people.</summary>
internal static class ExplainText
{
    // Routes told one by one that do not take the request; a table may have thousands.
    private const int MostTold = 20;

    public static string Of(ExplainedNode explained)
    {
        var text = new StringBuilder();
        foreach (var (listener, explanation) in explained.Tables)
        {
            _ = text.Length > 0 ? text.Append('\n') : text;
            Write(text, explained, listener, explanation);
        }

        return text.ToString();
    }

    private static void Write(StringBuilder text, ExplainedNode explained, Listener listener, RouteExplanation explanation)
    {
        var request = explanation.Request;
        Line(text, "request", $"{Words.Shown(request.Method)} http://{Words.Shown(request.Host)}{Words.Shown(request.Path)} from {Words.Shown(explained.Node)}");
        var on = ListenerDiff.AddressOf(listener) is { } address ? $" on {address}" : "";
        Line(text, "table", $"{Words.Shown(explanation.Table.Name)} (listener {Words.Shown(listener.Name)}{on})");
        if (explanation.Choice is not { } choice)
        {
            Line(text, "host", "no virtual host has this name: 404");
            return;
        }

        Line(text, "host", $"{explained.Config.Names.Host(choice.Host.Name)} (by its name {Words.Shown(choice.Domain)})");
        text.Append('\n');
        WriteSteps(text, explanation);
        foreach (var step in explanation.Takers)
        {
            text.Append('\n');
            WriteTaken(text, explained.Config, explanation, step);
        }

        if (explanation.Left > 1e-9)
        {
            text.Append('\n');
            Line(text, Words.Percent(explanation.Left), "no route takes it: 404");
        }
    }

    private static void WriteSteps(StringBuilder text, RouteExplanation explanation)
    {
        var told = 0;
        foreach (var step in explanation.Steps)
        {
            if (step.Verdict != RouteVerdict.Takes && ++told > MostTold)
            {
                continue;
            }

            text.Append(step.Verdict == RouteVerdict.Takes ? "> " : "  ")
                .Append(System.Globalization.CultureInfo.InvariantCulture, $"{step.Index + 1,3} ")
                .Append(Verdict(step).PadRight(14)).Append(' ').Append(NameOf(step)).Append('\n');
            foreach (var line in Why(step))
            {
                text.Append("        ").Append(line).Append('\n');
            }
        }

        if (told > MostTold)
        {
            text.Append("      … and ").Append(Words.Count(told - MostTold, "route", "routes")).Append(" more that do not take it\n");
        }
    }

    private static string Verdict(RouteStep step) => step.Verdict switch
    {
        RouteVerdict.Misses => "does not fit",
        RouteVerdict.Unknown => "may fit",
        RouteVerdict.Loses => "comes too late",
        _ when step.Share < 1 => $"takes {Words.Percent(step.Share)}",
        _ => "takes it",
    };

    public static string NameOf(RouteStep step) => step.Route.Name.Length > 0 ? Words.Shown(step.Route.Name) : "(no name)";

    private static IEnumerable<string> Why(RouteStep step) => step.Verdict switch
    {
        RouteVerdict.Misses or RouteVerdict.Unknown => step.Against.Select(c => $"{c.Words}: {c.Found}"),
        _ => [Conditions.Sentence(step.Route.Match)],
    };

    private static void WriteTaken(StringBuilder text, NodeConfig node, RouteExplanation explanation, RouteStep step)
    {
        var label = step.Share < 1 ? Words.Percent(step.Share) : "goes";
        foreach (var fate in Fates.Of(step.Route, node))
        {
            if (fate.Target is not null)
            {
                Line(text, label, $"{Words.Percent(fate.Share)} to {node.Names.Cluster(fate.Target)}: {EndpointsOf(fate, node)}");
                label = "";
            }
        }

        var host = explanation.Choice!.Host;
        foreach (var fact in RouteFacts.Of(step.Route, node.Names)
            .Concat(HeaderFacts.OfTargets(step.Route, node.Names))
            .Concat(HeaderFacts.Of(host)).Concat(HeaderFacts.Of(explanation.Table)))
        {
            Line(text, step.Share < 1 && fact.Field is "direct_response" or "redirect" ? label : fact.Label, fact.Words);
        }
    }

    private static string EndpointsOf(Fate fate, NodeConfig node) => fate switch
    {
        { Ready: null } => "its endpoints are not known here",
        { Ready.IsEmpty: true } when !node.HasCluster(fate.Target!) => $"the node has no such cluster, so {fate.Status}",
        { Ready.IsEmpty: true } => $"no ready endpoint, so {fate.Status}",
        { Ready: var ready } => Words.Some(ready.Value),
    };

    private static void Line(StringBuilder text, string label, string words) =>
        text.Append(label.PadRight(16)).Append(' ').Append(words).Append('\n');
}
