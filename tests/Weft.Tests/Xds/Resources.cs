using System.Globalization;
using System.Text.RegularExpressions;
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
internal static partial class Resources
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
            Vhds = needs is ["vhds"] ? new() { ConfigSource = new() { Ads = new() } } : null,
        }),
        TypeUrl.VirtualHost => XdsResource.Create(new VirtualHost
        {
            Name = name,
            Domains = { needs },
            RequestHeadersToRemove = { version },
        }),
        _ => XdsResource.Create(typeUrl, name, ByteString.CopyFromUtf8(version)),
    };

    /// <summary>A text of a resource without its time to live, <c>~30s</c>, and that.</summary>
    public static (string Timeless, string Lifetime) CutLifetime(string text) =>
        Lifetime().Match(text) is { Success: true } at ? (text.Remove(at.Index, at.Length), at.Value[1..]) : (text, "");

    [GeneratedRegex(@"~\d+s")]
    private static partial Regex Lifetime();

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
        foreach (var need in needs)
        {
            var manager = new HttpConnectionManager();
            if (need.StartsWith("ecds:", StringComparison.Ordinal))
            {
                manager.HttpFilters.Add(new HttpFilter { Name = need[5..], ConfigDiscovery = new() { ConfigSource = new() { Ads = new() } } });
            }
            else
            {
                manager.Rds = new() { RouteConfigName = need, ConfigSource = new() { Ads = new() } };
            }

            listener.FilterChains.Add(new FilterChain
            {
                Filters = { new Envoy.Config.Listener.V3.Filter { Name = "http", TypedConfig = Any.Pack(manager) } },
            });
        }

        return listener;
    }
}
