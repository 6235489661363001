using System.Collections.Immutable;
using Weft.Proxy.Listening;
using Weft.Proxy.Upstream;
using Weft.Xds;
using Weft.Xds.Client;

namespace Weft.Proxy.Config;

/// <summary>A cluster with its endpoints.</summary>
internal sealed record WarmCluster(ClusterConfig Config, EndpointSet Endpoints);

/// <summary>
/// What is in use, and what still waits. A cluster is used once its endpoints are there, a listener once its routes and
/// secrets are; until then its former version, if there is one, stays in use. The first listeners wait for all clusters
/// as well, as Envoy's do, though not for ever: what is let in must have a way on.
/// </summary>
internal sealed record WarmConfig(
    ImmutableDictionary<string, WarmCluster> Clusters,
    ImmutableSortedSet<string> WarmingClusters,
    ImmutableDictionary<string, WarmListener> Listeners,
    ImmutableSortedSet<string> WarmingListeners)
{
    public static WarmConfig Empty { get; } = new(
        ImmutableDictionary<string, WarmCluster>.Empty, [], ImmutableDictionary<string, WarmListener>.Empty, []);

    /// <summary>Whether listeners wait for clusters and for nothing else.</summary>
    public bool HoldsListeners { get; private init; }

    /// <summary>What is in use once <paramref name="known"/> is known.</summary>
    /// <param name="isPatient">False where the first listeners have waited for clusters for long enough.</param>
    public WarmConfig Step(XdsClientSnapshot known, bool isPatient = true)
    {
        var clusters = new Warming<WarmCluster>(Clusters);
        foreach (var (name, resource) in known[TypeUrl.Cluster].Resources)
        {
            var config = (ClusterConfig)resource.Value!;
            clusters.Add(name, EndpointsOf(config, known[TypeUrl.Endpoints]) is { } set ? new(config, set) : null);
        }

        var holds = isPatient && Listeners.IsEmpty && !clusters.Waiting.IsEmpty;
        var listeners = new Warming<WarmListener>(Listeners);
        foreach (var (name, resource) in known[TypeUrl.Listener].Resources)
        {
            var config = (ListenerConfig)resource.Value!;
            listeners.Add(name, holds ? null : WarmListener.Of(config, Listeners.GetValueOrDefault(name), known));
        }

        return new(clusters.InUse, clusters.Waiting, listeners.InUse, listeners.Waiting)
        {
            HoldsListeners = holds && !listeners.Waiting.IsEmpty,
        };
    }

    private EndpointSet? EndpointsOf(ClusterConfig config, XdsTypeSnapshot known)
    {
        if (config.EndpointsName is not { } name)
        {
            return config.Fixed;
        }

        if (known.Resources.TryGetValue(name, out var resource))
        {
            return (EndpointSet)resource.Value!;
        }

        // Envoy ignores the removal of endpoints: they go with their cluster.
        return Clusters.TryGetValue(config.Name, out var former) && former.Config.EndpointsName == name
            ? former.Endpoints
            : known.Absent.Contains(name) ? EndpointSet.Empty : null;
    }

    private sealed class Warming<T>(ImmutableDictionary<string, T> former) where T : class
    {
        private readonly ImmutableDictionary<string, T>.Builder _inUse = ImmutableDictionary.CreateBuilder<string, T>();
        private readonly ImmutableSortedSet<string>.Builder _waiting =
            ImmutableSortedSet.CreateBuilder<string>(StringComparer.Ordinal);

        public ImmutableDictionary<string, T> InUse => _inUse.ToImmutable();

        public ImmutableSortedSet<string> Waiting => _waiting.ToImmutable();

        public void Add(string name, T? warm)
        {
            if (warm is null)
            {
                _waiting.Add(name);
            }

            if ((warm ?? former.GetValueOrDefault(name)) is { } used)
            {
                // Equal to the former one: keep that object, so that whoever compares sees no change.
                _inUse[name] = former.TryGetValue(name, out var last) && last.Equals(used) ? last : used;
            }
        }
    }
}
