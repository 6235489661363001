using Envoy.Config.Cluster.V3;
using Envoy.Config.Core.V3;
using Envoy.Config.Endpoint.V3;
using Google.Protobuf.WellKnownTypes;
using Weft.Xds;

namespace Weft.XdsBenchServer;

/// <summary>What <c>gcp-server</c> serves: clusters <c>c0</c>, <c>c1</c> … and their assignments; and the next change of it.</summary>
internal sealed class BenchState
{
    private readonly int _endpoints;
    private int _changes;

    public BenchState(int clusters, int endpoints)
    {
        _endpoints = endpoints;
        Clusters = clusters;
        Set = ResourceSet.Create([.. Enumerable.Range(0, clusters).SelectMany(i => new[]
        {
            XdsResource.Create(ClusterOf(i, 1)), XdsResource.Create(AssignmentOf(i, 0)),
        })]);
    }

    public int Clusters { get; }

    public ResourceSet Set { get; private set; }

    /// <summary>Changes <paramref name="n"/> resources: the port of an endpoint (<c>eds</c>) or a time-out (<c>cds</c>).</summary>
    /// <returns>The number of the change.</returns>
    public int Change(string what, int n)
    {
        _changes++;
        var changed = Enumerable.Range(0, n).Select(k => (_changes + k) % Clusters)
            .Select(i => what == "cds" ? XdsResource.Create(ClusterOf(i, 1 + (_changes % 100))) : XdsResource.Create(AssignmentOf(i, _changes)));
        Set = Set.With([], changed);
        return _changes;
    }

    private static Cluster ClusterOf(int i, int seconds) => new()
    {
        Name = $"c{i}",
        Type = Cluster.Types.DiscoveryType.Eds,
        EdsClusterConfig = new() { EdsConfig = new() { Ads = new(), ResourceApiVersion = ApiVersion.V3 } },
        ConnectTimeout = Duration.FromTimeSpan(TimeSpan.FromSeconds(seconds)),
    };

    private ClusterLoadAssignment AssignmentOf(int i, int change)
    {
        var locality = new LocalityLbEndpoints { Locality = new() { Region = "r1", Zone = "z1" } };
        for (var e = 0; e < _endpoints; e++)
        {
            var port = e == 0 ? 8080 + (change % 50_000) : 8080;
            var address = new SocketAddress { Address = $"10.{i >> 8}.{i & 255}.{e + 1}", PortValue = (uint)port };
            locality.LbEndpoints.Add(new LbEndpoint { Endpoint = new() { Address = new() { SocketAddress = address } } });
        }

        return new() { ClusterName = $"c{i}", Endpoints = { locality } };
    }
}
