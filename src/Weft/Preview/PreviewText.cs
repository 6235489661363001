using System.Collections.Immutable;
using System.Text;

namespace Weft.Preview;

/// <summary>A preview for people, and for programs.</summary>
internal static class PreviewText
{
    private const int MostChanges = 60;
    private const int MostReasons = 20;
    private const int MostReason = 400;

    public static string Of(PreviewReport report)
    {
        var text = new StringBuilder(report.Connected ? "" : "No proxy is connected; this is for every Workload.\n\n");
        foreach (var group in report.Groups)
        {
            text.Append(Words.Count(group.Nodes.Length, "proxy", "proxies")).Append(": ").Append(Words.Some(group.Nodes)).Append('\n');
            foreach (var change in group.Changes.Take(MostChanges))
            {
                text.Append("  ").Append(change.Kind.Sign).Append(' ').Append(change.Type).Append(' ')
                    .Append(Words.Shown(change.Name)).Append('\n');
                foreach (var line in change.Lines)
                {
                    text.Append("      ").Append(line).Append('\n');
                }
            }

            if (group.Changes.Length > MostChanges)
            {
                text.Append("  … and ").Append(group.Changes.Length - MostChanges).Append(" more resources (--json has all)\n");
            }

            text.Append('\n');
        }

        Section(text, "ends", report.Drains, MostReasons);
        Section(text, "would be rejected", [.. report.Foreseen.Refused.Select(Told)], MostReasons);
        Section(text, "would be passed over", [.. report.Foreseen.PassedOver.Select(Told)], MostReasons);
        Section(text, "not tried", Untried(report.Foreseen.Untried), MostReasons);
        Section(text, "rejected already now", report.Rejected, MostReasons);
        Section(text, "found", [.. report.Diagnostics.Select(d => d.ToString())], MostChanges);
        text.Append("risk: ").Append(report.Verdict.Name).Append('\n');
        foreach (var reason in report.Verdict.Reasons.Take(MostReasons))
        {
            text.Append("  ").Append(reason).Append('\n');
        }

        return report.Verdict.Reasons.Length > MostReasons
            ? text.Append("  … and ").Append(report.Verdict.Reasons.Length - MostReasons).Append(" more\n").ToString()
            : text.ToString();
    }

    private static string Told(ForeseenRefusal refused) => $"{refused}\n      {Words.Shown(refused.Refusal.Reason, MostReason)}";

    private static string Told(ForeseenLimit limit) => $"{Words.Some(limit.Nodes)}: {limit.Message}";

    private static ImmutableArray<string> Untried(ImmutableArray<string> nodes) => nodes.IsEmpty ? [] :
    [
        $"{Words.Some(nodes)}: what they reject beyond the rules of Envoy's API, only they know",
    ];

    private static void Section(StringBuilder text, string title, IReadOnlyCollection<string> lines, int most)
    {
        if (lines.Count == 0)
        {
            return;
        }

        text.Append(title).Append(":\n");
        foreach (var line in lines.Take(most))
        {
            text.Append("  ").Append(line).Append('\n');
        }

        _ = lines.Count > most ? text.Append("  … and ").Append(lines.Count - most).Append(" more\n") : text;
        text.Append('\n');
    }
}
