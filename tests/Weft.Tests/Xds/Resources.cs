using System.Globalization;
using Envoy.Config.Cluster.V3;
using Envoy.Config.Core.V3;
using Envoy.Config.Endpoint.V3;
using Envoy.Config.Listener.V3;
using Envoy.Config.Route.V3;
using Envoy.Extensions.Filters.Network.HttpConnectionManager.V3;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Weft.Xds;

namespace Weft.Tests.Xds;

/// <summary>Small real resources, whose content changes with their version.</summary>
internal static class Resources
{
    public static XdsResource Make(string typeUrl, string name, string version, params string[] needs) => typeUrl switch
    {
        TypeUrl.Cluster => XdsResource.Create(ClusterOf(name, version, needs)),
        TypeUrl.Endpoints => XdsResource.Create(EndpointsOf(name, version)),
        TypeUrl.Listener => XdsResource.Create(ListenerOf(name, version, needs)),
        TypeUrl.Route => XdsResource.Create(new RouteConfiguration
        {
            Name = name,
            VirtualHosts = { new VirtualHost { Name = version, Domains = { "*" } } },
        }),
        _ => XdsResource.Create(typeUrl, name, ByteString.CopyFromUtf8(version)),
    };

    /// <summary>A time to live as tests write it: <c>30s</c>; null where the text is empty.</summary>
    public static TimeSpan? LifetimeOf(string text) =>
        text.Length == 0 ? null : TimeSpan.FromSeconds(double.Parse(text.TrimEnd('s'), CultureInfo.InvariantCulture));

    private static Cluster ClusterOf(string name, string version, string[] needs) => needs is [var endpoints]
        ? new()
        {
            Name = name,
            AltStatName = version,
            Type = Cluster.Types.DiscoveryType.Eds,
            EdsClusterConfig = new() { ServiceName = endpoints, EdsConfig = new() { Ads = new() } },
        }
        : new() { Name = name, AltStatName = version };

    private static ClusterLoadAssignment EndpointsOf(string name, string version) => new()
    {
        ClusterName = name,
        Endpoints = { new LocalityLbEndpoints { Locality = new Locality { Zone = version } } },
    };

    private static Listener ListenerOf(string name, string version, string[] needs)
    {
        var listener = new Listener { Name = name, StatPrefix = version };
        listener.FilterChains.AddRange(needs.Select(routes => new FilterChain
        {
            Filters =
            {
                new Envoy.Config.Listener.V3.Filter
                {
                    Name = "http",
                    TypedConfig = Any.Pack(new HttpConnectionManager
                    {
                        Rds = new() { RouteConfigName = routes, ConfigSource = new() { Ads = new() } },
                    }),
                },
            },
        }));
        return listener;
    }
}
