using System.Globalization;
using System.Text;
using Weft.Proxy.Stats;

namespace Weft.Proxy.Admin;

/// <summary>The texts of the admin pages.</summary>
internal sealed class AdminPages(DataPlane plane, ProxyStats stats)
{
    public bool IsReady => plane.Status.Value.Ready;

    public string Metrics() => PrometheusPage.Write(plane.Status.Value, plane.Clusters, stats);

    public string ConfigDump() => ConfigDumpPage.Write(plane.Status.Value);

    /// <summary>One line per fact, as Envoy's <c>/clusters</c>.</summary>
    public string Clusters()
    {
        var text = new StringBuilder();
        foreach (var cluster in plane.Clusters.Values.OrderBy(c => c.Config.Name, StringComparer.Ordinal))
        {
            foreach (var endpoint in cluster.Endpoints.Endpoints)
            {
                var start = string.Create(CultureInfo.InvariantCulture, $"{cluster.Config.Name}::{endpoint.Address}::");
                text.Append(start).Append("health_flags::");
                text.Append(endpoint.Healthy ? "healthy" : "/failed_eds_health").Append('\n');
                text.Append(start).Append("weight::").Append(endpoint.Weight).Append('\n');
                text.Append(start).Append("priority::").Append(endpoint.Priority).Append('\n');
            }
        }

        return text.ToString();
    }
}
