using System.Globalization;
using Weft.Model;

namespace Weft.Translation;

/// <summary>Istio's names of clusters, so that dashboards made for Istio read ours.</summary>
public static class ClusterName
{
    /// <summary>A service port as a destination: <c>outbound|9080||reviews.shop.svc.cluster.local</c>.</summary>
    public static string Outbound(ObjectName service, int port) =>
        string.Create(CultureInfo.InvariantCulture, $"outbound|{port}||{service.Host}");

    /// <summary>The application behind a sidecar: <c>inbound|9080||</c>.</summary>
    public static string Inbound(int port) => string.Create(CultureInfo.InvariantCulture, $"inbound|{port}||");

    /// <summary>The service port of an outbound cluster's name.</summary>
    public static bool TryParseOutbound(string cluster, out ObjectName service, out int port)
    {
        service = default;
        port = 0;
        var parts = cluster.Split('|');
        if (parts is not ["outbound", var number, "", var host]
            || !int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out port)
            || host.Split('.') is not [var name, var space, "svc", "cluster", "local"])
        {
            return false;
        }

        service = new(space, name);
        return true;
    }
}
