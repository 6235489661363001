using Envoy.Config.Cluster.V3;
using Envoy.Config.Core.V3;
using Envoy.Config.Endpoint.V3;
using Envoy.Config.Listener.V3;
using Envoy.Config.Route.V3;
using Envoy.Extensions.Filters.Network.HttpConnectionManager.V3;
using Envoy.Extensions.Filters.Network.TcpProxy.V3;
using Envoy.Extensions.TransportSockets.Tls.V3;
using Google.Protobuf;
using Weft.Translation.Raw;
using AggregateCluster = Envoy.Extensions.Clusters.Aggregate.V3.ClusterConfig;
using NetworkFilter = Envoy.Config.Listener.V3.Filter;

namespace Weft.Translation;

/// <summary>What a message names by its own fields, without those within it.</summary>
internal static class NamedResources
{
    private static readonly string ClusterUrl = EnvoyTypes.Prefix + Cluster.Descriptor.FullName;
    private static readonly string EndpointsUrl = EnvoyTypes.Prefix + ClusterLoadAssignment.Descriptor.FullName;
    private static readonly string RouteUrl = EnvoyTypes.Prefix + RouteConfiguration.Descriptor.FullName;
    private static readonly string SecretUrl = EnvoyTypes.Prefix + Secret.Descriptor.FullName;
    private static readonly string ExtensionUrl = EnvoyTypes.Prefix + TypedExtensionConfig.Descriptor.FullName;

    public static IEnumerable<Reference> Of(IMessage message) => message switch
    {
        RouteConfiguration routes => Clusters(RouteClusters.Of(routes)),
        VirtualHost host => Clusters(RouteClusters.Of(host)),
        Cluster cluster => OfCluster(cluster),
        Rds rds => From(rds.ConfigSource, RouteUrl, rds.RouteConfigName),
        ScopedRoutes scoped => scoped.ScopedRouteConfigurationsList?.ScopedRouteConfigurations
            .SelectMany(scope => From(scoped.RdsConfigSource, RouteUrl, scope.RouteConfigurationName)) ?? [],
        ScopedRouteConfiguration scope => One(RouteUrl, scope.RouteConfigurationName),
        SdsSecretConfig secret => From(secret.SdsConfig, SecretUrl, secret.Name),
        HttpFilter filter => OfFilter(filter.ConfigDiscovery, filter.Name),
        NetworkFilter filter => OfFilter(filter.ConfigDiscovery, filter.Name),
        ListenerFilter filter => OfFilter(filter.ConfigDiscovery, filter.Name),
        TcpProxy proxy => Clusters([proxy.Cluster]),
        TcpProxy.Types.WeightedCluster weighted => Clusters(weighted.Clusters.Select(c => c.Name)),
        GrpcService.Types.EnvoyGrpc grpc => Clusters([grpc.ClusterName]),
        // The control plane itself stands in the bootstrap.
        HttpUri uri => uri.Cluster == ControlPlaneCluster.Name ? [] : Clusters([uri.Cluster]),
        AggregateCluster aggregate => Clusters(aggregate.Clusters),
        _ => [],
    };

    private static IEnumerable<Reference> OfCluster(Cluster cluster) =>
        cluster.ClusterDiscoveryTypeCase == Cluster.ClusterDiscoveryTypeOneofCase.Type
        && cluster.Type == Cluster.Types.DiscoveryType.Eds && cluster.EdsClusterConfig is { } eds
            ? From(eds.EdsConfig, EndpointsUrl, eds.ServiceName is { Length: > 0 } service ? service : cluster.Name)
            : [];

    // "If default_config is set and apply_default_config_without_warming …" or not: with a default the filter works.
    private static IEnumerable<Reference> OfFilter(ExtensionConfigSource? source, string name) =>
        source is { DefaultConfig: null } ? From(source.ConfigSource, ExtensionUrl, name) : [];

    private static IEnumerable<Reference> Clusters(IEnumerable<string> names) => names.SelectMany(name => One(ClusterUrl, name));

    // What comes from elsewhere, a file or another server, is there or not for reasons unknown here.
    private static IEnumerable<Reference> From(ConfigSource? source, string typeUrl, string name) => source?.ConfigSourceSpecifierCase
        is ConfigSource.ConfigSourceSpecifierOneofCase.Ads or ConfigSource.ConfigSourceSpecifierOneofCase.Self
            ? One(typeUrl, name)
            : [];

    private static IEnumerable<Reference> One(string typeUrl, string name) => name.Length == 0 ? [] : [new(typeUrl, name)];
}
