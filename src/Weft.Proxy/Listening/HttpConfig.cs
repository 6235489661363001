using System.Collections.Immutable;
using Weft.Proxy.AccessLogs;
using Weft.Proxy.Filters;
using Weft.Proxy.Routing;
using Weft.Proxy.Tracing;

namespace Weft.Proxy.Listening;

/// <summary>A connection that carries HTTP.</summary>
/// <param name="Name">The listener's name.</param>
/// <param name="StatPrefix">The connection manager's name in metrics.</param>
/// <param name="RouteName">The RDS resource it routes by; null where the routes stand in it.</param>
/// <param name="Inline">The routes that stand in it.</param>
/// <param name="StreamIdleTimeout">How long a request may stand still; null for ever.</param>
/// <param name="AppendForwardedFor">Whether the caller's address is appended to <c>x-forwarded-for</c>.</param>
internal sealed record HttpConfig(
    string Name,
    string StatPrefix,
    string? RouteName,
    RouteTable? Inline,
    TimeSpan? StreamIdleTimeout,
    bool GenerateRequestId,
    bool AppendForwardedFor)
    : TrafficConfig
{
    /// <summary>Whether who the caller is stands in the connection, not in what it says.</summary>
    public bool IsEdge { get; init; }

    /// <summary>Whether the caller's <c>x-request-id</c> stays at an edge too.</summary>
    public bool KeepsRequestId { get; init; }

    /// <summary>How long a request may take to come as a whole; null for ever.</summary>
    public TimeSpan? RequestTimeout { get; init; }

    /// <summary>What connections without TLS may begin with.</summary>
    public HttpVersions Versions { get; init; }

    public ConnectionLimits Limits { get; init; } = ConnectionLimits.Default;

    public ServerHeader Server { get; init; } = ServerHeader.Default;

    /// <summary>Whether it takes requests of peers.</summary>
    public bool IsInbound { get; init; }

    /// <summary>Whether WebSockets pass where a route does not say.</summary>
    public bool AllowsUpgrade { get; init; }

    /// <summary>What is made of a request's path before it is routed.</summary>
    public PathNormalization Paths { get; init; } = PathNormalization.None;

    /// <summary>The filters before the router, in their order.</summary>
    public ImmutableArray<HttpFilter> Filters { get; init; } = [];

    /// <summary>Those of them that are configured by resources of their own.</summary>
    public IEnumerable<DiscoveredFilter> Discovered => Filters.Select(f => f.Config).OfType<DiscoveredFilter>();

    public ImmutableArray<AccessLogConfig> Logs { get; init; } = [];

    /// <summary>Null where its requests have no spans, and their trace headers pass as they are.</summary>
    public TracingConfig? Tracing { get; init; }
}
