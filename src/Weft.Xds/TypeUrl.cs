namespace Weft.Xds;

/// <summary>The type URLs of xDS that have a service or an order of their own; any other type is served by name.</summary>
public static class TypeUrl
{
    /// <summary>CDS: <c>envoy.config.cluster.v3.Cluster</c>.</summary>
    public const string Cluster = "type.googleapis.com/envoy.config.cluster.v3.Cluster";

    /// <summary>EDS: <c>envoy.config.endpoint.v3.ClusterLoadAssignment</c>.</summary>
    public const string Endpoints = "type.googleapis.com/envoy.config.endpoint.v3.ClusterLoadAssignment";

    /// <summary>LDS: <c>envoy.config.listener.v3.Listener</c>.</summary>
    public const string Listener = "type.googleapis.com/envoy.config.listener.v3.Listener";

    /// <summary>RDS: <c>envoy.config.route.v3.RouteConfiguration</c>.</summary>
    public const string Route = "type.googleapis.com/envoy.config.route.v3.RouteConfiguration";

    /// <summary>VHDS: <c>envoy.config.route.v3.VirtualHost</c>, named <c>route configuration/virtual host</c>.</summary>
    public const string VirtualHost = "type.googleapis.com/envoy.config.route.v3.VirtualHost";

    /// <summary>SRDS: <c>envoy.config.route.v3.ScopedRouteConfiguration</c>.</summary>
    public const string ScopedRoute = "type.googleapis.com/envoy.config.route.v3.ScopedRouteConfiguration";

    /// <summary>SDS: <c>envoy.extensions.transport_sockets.tls.v3.Secret</c>.</summary>
    public const string Secret = "type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.Secret";

    /// <summary>RTDS: <c>envoy.service.runtime.v3.Runtime</c>.</summary>
    public const string Runtime = "type.googleapis.com/envoy.service.runtime.v3.Runtime";

    /// <summary>ECDS: <c>envoy.config.core.v3.TypedExtensionConfig</c>.</summary>
    public const string ExtensionConfig = "type.googleapis.com/envoy.config.core.v3.TypedExtensionConfig";

    /// <summary>What wraps a resource of state of the world that has a time to live.</summary>
    internal const string Resource = "type.googleapis.com/envoy.service.discovery.v3.Resource";

    private static readonly (string Url, byte[] Utf8)[] Known =
        [.. new[] { Endpoints, Cluster, Route, Listener, Secret, ScopedRoute, Runtime, ExtensionConfig, VirtualHost }
            .Select(url => (url, System.Text.Encoding.UTF8.GetBytes(url)))];

    /// <summary>The text of these bytes; of the types named here, always the same object.</summary>
    internal static string Of(ReadOnlySpan<byte> utf8)
    {
        foreach (var (url, known) in Known)
        {
            if (utf8.SequenceEqual(known))
            {
                return url;
            }
        }

        return System.Text.Encoding.UTF8.GetString(utf8);
    }

    /// <summary>The same text; of the types named here, always the same object.</summary>
    internal static string Interned(string url) => Array.Find(Known, known => known.Url == url).Url ?? url;

    /// <summary>Whether it is one of the types named here.</summary>
    internal static bool IsKnown(string typeUrl) => typeUrl
        is Cluster or Endpoints or Listener or Route or ScopedRoute or Secret or Runtime or ExtensionConfig or VirtualHost;

    /// <summary>The short name used in metrics, logs and status: <c>cds</c>, <c>eds</c> …; the message's name where there is none.</summary>
    public static string ShortName(string typeUrl) => typeUrl switch
    {
        Cluster => "cds",
        Endpoints => "eds",
        Listener => "lds",
        Route => "rds",
        VirtualHost => "vhds",
        ScopedRoute => "srds",
        Secret => "sds",
        Runtime => "rtds",
        ExtensionConfig => "ecds",
        _ => typeUrl[(typeUrl.LastIndexOf('/') + 1)..],
    };
}
