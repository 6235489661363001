using System.Collections.Immutable;
using Envoy.Config.Cluster.V3;
using Envoy.Config.Core.V3;
using Envoy.Config.Listener.V3;
using Envoy.Extensions.Filters.Network.HttpConnectionManager.V3;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace Weft.Xds;

/// <summary>Which resources of the same stream a resource makes its client ask for.</summary>
internal static class References
{
    /// <summary>The type of the resources that those of <paramref name="typeUrl"/> need; null where they need none.</summary>
    public static string? NeededType(string typeUrl) => typeUrl switch
    {
        TypeUrl.Cluster => TypeUrl.Endpoints,
        TypeUrl.Listener => TypeUrl.Route,
        _ => null,
    };

    public static ImmutableArray<string> Of(IMessage message) => message switch
    {
        Cluster cluster => OfCluster(cluster),
        Listener listener => OfListener(listener),
        _ => [],
    };

    public static ImmutableArray<string> Of(string typeUrl, ByteString body)
    {
        try
        {
            return typeUrl switch
            {
                TypeUrl.Cluster => OfCluster(Cluster.Parser.ParseFrom(body)),
                TypeUrl.Listener => OfListener(Listener.Parser.ParseFrom(body)),
                _ => [],
            };
        }
        catch (InvalidProtocolBufferException)
        {
            // Bytes pass untouched even where they are no such message: the client will say so.
            return [];
        }
    }

    private static ImmutableArray<string> OfCluster(Cluster cluster) =>
        cluster.ClusterDiscoveryTypeCase == Cluster.ClusterDiscoveryTypeOneofCase.Type
        && cluster.Type == Cluster.Types.DiscoveryType.Eds
        && FromThisStream(cluster.EdsClusterConfig?.EdsConfig)
            ? [XdsTpName.Canonical(cluster.EdsClusterConfig!.ServiceName is { Length: > 0 } service ? service : cluster.Name)]
            : [];

    private static ImmutableArray<string> OfListener(Listener listener) =>
        [.. listener.FilterChains.Append(listener.DefaultFilterChain)
            .Where(chain => chain is not null)
            .SelectMany(chain => chain.Filters.Select(f => f.TypedConfig))
            .Append(listener.ApiListener?.ApiListener_)
            .Select(RouteNameOf)
            .OfType<string>()
            .Select(XdsTpName.Canonical)
            .Distinct(StringComparer.Ordinal)];

    private static string? RouteNameOf(Any? filter) =>
        filter is not null
        && filter.Is(HttpConnectionManager.Descriptor)
        && HttpConnectionManager.Parser.ParseFrom(filter.Value).Rds is { } rds
        && FromThisStream(rds.ConfigSource)
            ? rds.RouteConfigName
            : null;

    private static bool FromThisStream(ConfigSource? source) => source?.ConfigSourceSpecifierCase
        is ConfigSource.ConfigSourceSpecifierOneofCase.Ads or ConfigSource.ConfigSourceSpecifierOneofCase.Self;
}
