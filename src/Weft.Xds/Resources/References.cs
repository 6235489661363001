using System.Collections.Immutable;
using Envoy.Config.Cluster.V3;
using Envoy.Config.Core.V3;
using Envoy.Config.Listener.V3;
using Envoy.Extensions.Filters.Network.HttpConnectionManager.V3;
using Google.Protobuf;

namespace Weft.Xds;

/// <summary>Which resources of the same stream a resource makes its client ask for.</summary>
/// <param name="Needs">Without these it is not used: a cluster's assignment, a listener's routes.</param>
/// <param name="ExtensionConfigs">The configurations of a listener's filters.</param>
internal sealed record References(ImmutableArray<string> Needs, ImmutableArray<string> ExtensionConfigs)
{
    public static References None { get; } = new([], []);

    /// <summary>The type of the resources that those of <paramref name="typeUrl"/> need; null where they need none.</summary>
    public static string? NeededType(string typeUrl) => typeUrl switch
    {
        TypeUrl.Cluster => TypeUrl.Endpoints,
        TypeUrl.Listener => TypeUrl.Route,
        _ => null,
    };

    public static References Of(IMessage message) => message switch
    {
        Cluster cluster => OfCluster(cluster),
        Listener listener => OfListener(listener),
        _ => None,
    };

    public static References Of(string typeUrl, ByteString body)
    {
        try
        {
            return typeUrl switch
            {
                TypeUrl.Cluster => OfCluster(Cluster.Parser.ParseFrom(body)),
                TypeUrl.Listener => OfListener(Listener.Parser.ParseFrom(body)),
                _ => None,
            };
        }
        catch (InvalidProtocolBufferException)
        {
            // Bytes pass untouched even where they are no such message: the client will say so.
            return None;
        }
    }

    private static References OfCluster(Cluster cluster) =>
        cluster.ClusterDiscoveryTypeCase == Cluster.ClusterDiscoveryTypeOneofCase.Type
        && cluster.Type == Cluster.Types.DiscoveryType.Eds
        && FromThisStream(cluster.EdsClusterConfig?.EdsConfig)
            ? new([XdsTpName.Canonical(cluster.EdsClusterConfig!.ServiceName is { Length: > 0 } service ? service : cluster.Name)], [])
            : None;

    private static References OfListener(Listener listener)
    {
        Envoy.Config.Listener.V3.Filter[] filters = [.. listener.FilterChains.Append(listener.DefaultFilterChain)
            .Where(chain => chain is not null).SelectMany(chain => chain.Filters)];
        HttpConnectionManager[] managers = [.. filters.Select(f => f.TypedConfig).Append(listener.ApiListener?.ApiListener_)
            .Where(any => any is not null && any.Is(HttpConnectionManager.Descriptor))
            .Select(any => HttpConnectionManager.Parser.ParseFrom(any!.Value))];
        var routes = managers.Select(m => m.Rds).Where(rds => rds is not null && FromThisStream(rds.ConfigSource))
            .Select(rds => XdsTpName.Canonical(rds.RouteConfigName));
        var configs = listener.ListenerFilters.Select(f => (f.Name, f.ConfigDiscovery))
            .Concat(filters.Select(f => (f.Name, f.ConfigDiscovery)))
            .Concat(managers.SelectMany(m => m.HttpFilters).Select(f => (f.Name, f.ConfigDiscovery)))
            .Where(f => FromThisStream(f.ConfigDiscovery?.ConfigSource)).Select(f => XdsTpName.Canonical(f.Name));
        return new([.. routes.Distinct(StringComparer.Ordinal)], [.. configs.Distinct(StringComparer.Ordinal)]);
    }

    private static bool FromThisStream(ConfigSource? source) => source?.ConfigSourceSpecifierCase
        is ConfigSource.ConfigSourceSpecifierOneofCase.Ads or ConfigSource.ConfigSourceSpecifierOneofCase.Self;
}
