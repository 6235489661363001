using System.Collections.Immutable;
using System.Globalization;

namespace Weft.Up;

/// <summary>What a proxy counted for one cluster since it started.</summary>
/// <param name="Errors">Answers of 500 and above, whoever made them.</param>
internal readonly record struct ClusterCount(double Requests, double Errors)
{
    public static ClusterCount operator +(ClusterCount a, ClusterCount b) => new(a.Requests + b.Requests, a.Errors + b.Errors);

    /// <summary>What came since <paramref name="before"/>; a proxy that started anew counts from zero.</summary>
    public ClusterCount Since(ClusterCount before) =>
        Requests < before.Requests ? this : new(Requests - before.Requests, Math.Max(0, Errors - before.Errors));
}

/// <summary>Envoy's counters of answered requests by cluster, out of its page in Prometheus's text form.</summary>
internal static class ClusterCounters
{
    private const string Answers = "envoy_cluster_upstream_rq_xx{";
    private const string ClusterLabel = "envoy_cluster_name=\"";
    private const string ClassLabel = "envoy_response_code_class=\"";

    public static ImmutableDictionary<string, ClusterCount> Parse(string page)
    {
        var counts = ImmutableDictionary.CreateBuilder<string, ClusterCount>(StringComparer.Ordinal);
        foreach (var line in page.AsSpan().EnumerateLines())
        {
            if (!line.StartsWith(Answers, StringComparison.Ordinal)
                || Label(line, ClusterLabel) is not { Length: > 0 } cluster
                || !double.TryParse(line[(line.LastIndexOf(' ') + 1)..], NumberStyles.Float, CultureInfo.InvariantCulture, out var value))
            {
                continue;
            }

            var isError = Label(line, ClassLabel).SequenceEqual("5");
            var name = cluster.ToString();
            counts[name] = counts.GetValueOrDefault(name) + new ClusterCount(value, isError ? value : 0);
        }

        return counts.ToImmutable();
    }

    private static ReadOnlySpan<char> Label(ReadOnlySpan<char> line, string label)
    {
        var start = line.IndexOf(label, StringComparison.Ordinal);
        if (start < 0)
        {
            return [];
        }

        var rest = line[(start + label.Length)..];
        return rest.IndexOf('"') is var end && end < 0 ? [] : rest[..end];
    }
}
