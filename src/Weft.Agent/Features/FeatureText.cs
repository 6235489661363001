using System.Globalization;
using System.Text;
using Weft.Agent.Text;

namespace Weft.Agent.Features;

/// <summary>Answers of the kernel, for people: what it has in a few lines, and what it has not with the reason.</summary>
internal static class FeatureText
{
    /// <param name="inFull">Whether helpers are listed one by one, and not only counted.</param>
    public static string Of(List<FeatureView> views, bool inFull)
    {
        var text = new StringBuilder();
        var groups = views.GroupBy(v => v.Group).ToList();
        foreach (var group in groups.Where(g => inFull || !IsHelpers(g.Key)))
        {
            var table = new Table(group.Key.ToUpperInvariant(), "ANSWER", "ERROR");
            foreach (var view in group)
            {
                table.Add(view.Name, view.Answer, view.Why ?? "");
            }

            text.Append(text.Length == 0 ? "" : "\n");
            table.Write(text);
        }

        var helpers = groups.Where(g => !inFull && IsHelpers(g.Key)).ToList();
        if (helpers.Count > 0)
        {
            Counted(text, helpers);
        }

        return text.Append(Sum(views)).ToString();
    }

    private static void Counted(StringBuilder text, List<IGrouping<string, FeatureView>> groups)
    {
        var table = new Table("HELPERS", ">YES", ">REFUSED", ">UNKNOWN");
        foreach (var group in groups)
        {
            table.Add(group.Key, Count(group, "yes"), Count(group, "refused"), Count(group, "unknown"));
        }

        text.Append('\n');
        table.Write(text);
        text.Append("  --group lists them, such as --group ").Append(groups[0].Key).Append('\n');
    }

    private static string Sum(List<FeatureView> views) => string.Create(
        CultureInfo.InvariantCulture, $"\n{Count(views, "yes")} yes, {Count(views, "refused")} refused, {Count(views, "unknown")} unknown\n");

    private static string Count(IEnumerable<FeatureView> views, string answer) =>
        views.Count(v => v.Answer == answer).ToString(CultureInfo.InvariantCulture);

    private static bool IsHelpers(string group) => group.StartsWith("helper/", StringComparison.Ordinal);
}
