using Envoy.Admin.V3;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;
using Weft.Xds;
using XdsResource = Weft.Xds.Client.XdsResource;

namespace Weft.Proxy.Admin;

/// <summary>The accepted and the refused resources, in the shape of Envoy's <c>/config_dump</c>.</summary>
internal static class ConfigDumpPage
{
    private static readonly TypeRegistry Types = TypeRegistry.FromFiles(EnvoyApi.EnvoyApi.Files);

    private static readonly JsonFormatter Formatter = new(JsonFormatter.Settings.Default
        .WithPreserveProtoFieldNames(true)
        .WithIndentation()
        .WithTypeRegistry(Types));

    public static string Write(ProxyStatus status)
    {
        var dump = new ConfigDump();
        dump.Configs.Add(Any.Pack(Clusters(status)));
        dump.Configs.Add(Any.Pack(Endpoints(status)));
        dump.Configs.Add(Any.Pack(Listeners(status)));
        dump.Configs.Add(Any.Pack(Routes(status)));
        dump.Configs.Add(Any.Pack(Secrets(status)));
        Redaction.Redact(dump, Types);
        return Formatter.Format(dump);
    }

    private static ClustersConfigDump Clusters(ProxyStatus status)
    {
        var dump = new ClustersConfigDump();
        foreach (var (name, resource, error) in Known(status, TypeUrl.Cluster))
        {
            var cluster = new ClustersConfigDump.Types.DynamicCluster
            {
                VersionInfo = resource?.Version ?? "",
                Cluster = resource?.Body,
                ErrorState = error,
                ClientStatus = StatusOf(error),
            };
            var warming = status.WarmingClusters.Contains(name);
            (warming ? dump.DynamicWarmingClusters : dump.DynamicActiveClusters).Add(cluster);
        }

        return dump;
    }

    private static EndpointsConfigDump Endpoints(ProxyStatus status)
    {
        var dump = new EndpointsConfigDump();
        foreach (var (_, resource, error) in Known(status, TypeUrl.Endpoints))
        {
            dump.DynamicEndpointConfigs.Add(new EndpointsConfigDump.Types.DynamicEndpointConfig
            {
                VersionInfo = resource?.Version ?? "",
                EndpointConfig = resource?.Body,
                ErrorState = error,
                ClientStatus = StatusOf(error),
            });
        }

        return dump;
    }

    private static ListenersConfigDump Listeners(ProxyStatus status)
    {
        var dump = new ListenersConfigDump();
        foreach (var (name, resource, error) in Known(status, TypeUrl.Listener))
        {
            var state = resource is null
                ? null
                : new ListenersConfigDump.Types.DynamicListenerState
                {
                    VersionInfo = resource.Version,
                    Listener = resource.Body,
                };
            var warming = status.WarmingListeners.Contains(name);
            dump.DynamicListeners.Add(new ListenersConfigDump.Types.DynamicListener
            {
                Name = name,
                ActiveState = warming ? null : state,
                WarmingState = warming ? state : null,
                ErrorState = error,
                ClientStatus = StatusOf(error),
            });
        }

        return dump;
    }

    private static RoutesConfigDump Routes(ProxyStatus status)
    {
        var dump = new RoutesConfigDump();
        foreach (var (_, resource, error) in Known(status, TypeUrl.Route))
        {
            dump.DynamicRouteConfigs.Add(new RoutesConfigDump.Types.DynamicRouteConfig
            {
                VersionInfo = resource?.Version ?? "",
                RouteConfig = resource?.Body,
                ErrorState = error,
                ClientStatus = StatusOf(error),
            });
        }

        return dump;
    }

    private static SecretsConfigDump Secrets(ProxyStatus status)
    {
        var dump = new SecretsConfigDump();
        foreach (var (name, resource, error) in Known(status, TypeUrl.Secret))
        {
            (resource is null ? dump.DynamicWarmingSecrets : dump.DynamicActiveSecrets).Add(
                new SecretsConfigDump.Types.DynamicSecret
                {
                    Name = name,
                    VersionInfo = resource?.Version ?? "",
                    Secret = resource?.Body,
                    ErrorState = error,
                    ClientStatus = StatusOf(error),
                });
        }

        return dump;
    }

    private static IEnumerable<(string Name, XdsResource? Resource, UpdateFailureState? Error)> Known(
        ProxyStatus status, string typeUrl)
    {
        var known = status.Xds[typeUrl];
        foreach (var name in known.Resources.Keys.Union(known.Rejected.Keys).Order(StringComparer.Ordinal))
        {
            var error = known.Rejected.TryGetValue(name, out var rejection)
                ? new UpdateFailureState { Details = rejection.Error, VersionInfo = rejection.Version }
                : null;
            yield return (name, known.Resources.GetValueOrDefault(name), error);
        }
    }

    private static ClientResourceStatus StatusOf(UpdateFailureState? error) =>
        error is null ? ClientResourceStatus.Acked : ClientResourceStatus.Nacked;
}
