using System.Collections.Frozen;
using System.Globalization;
using Weft.Model;
using Weft.Translation;

namespace Weft.Preview;

/// <summary>
/// Short names of services for people: <c>reviews</c> where only one namespace has one, else <c>reviews.shop</c>; the
/// port is left out where it is 80.
/// </summary>
internal sealed class ServiceNames
{
    private const int HttpPort = 80;
    private const string Domain = ".svc.cluster.local";

    private readonly FrozenSet<string> _ambiguous;

    /// <param name="clusters">All names of clusters in play.</param>
    public ServiceNames(IEnumerable<string> clusters) => _ambiguous = clusters
        .Select(c => ClusterName.TryParseOutbound(c, out var service, out _) ? service : (ObjectName?)null)
        .OfType<ObjectName>().Distinct()
        .GroupBy(s => s.Name, StringComparer.Ordinal)
        .Where(same => same.Skip(1).Any())
        .Select(same => same.Key)
        .ToFrozenSet(StringComparer.Ordinal);

    /// <summary>A cluster, or what goes by a cluster's name; one that is not of a service keeps its name.</summary>
    public string Cluster(string name) =>
        ClusterName.TryParseOutbound(name, out var service, out var port) ? With(service, port) : Words.Shown(name);

    /// <summary>A virtual host or a route table, which is named after host and port of a service.</summary>
    public string Host(string name)
    {
        var end = name.LastIndexOf(Domain + ":", StringComparison.Ordinal);
        return end > 0
            && int.TryParse(name.AsSpan(end + Domain.Length + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            && name[..end].Split('.') is [var service, var space]
            ? With(new(space, service), port)
            : Words.Shown(name);
    }

    private string With(ObjectName service, int port)
    {
        var name = Words.Shown(_ambiguous.Contains(service.Name) ? service.NodeId : service.Name);
        return port == HttpPort ? name : string.Create(CultureInfo.InvariantCulture, $"{name}:{port}");
    }
}
