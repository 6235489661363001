using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Net;
using Microsoft.AspNetCore.Http;
using Weft.Proxy.AccessLogs;
using Weft.Proxy.Filters;
using Weft.Proxy.Listening;
using Weft.Proxy.Routing;
using Weft.Proxy.Stats;
using Weft.Proxy.Upstream;
using Yarp.ReverseProxy.Forwarder;

namespace Weft.Proxy.Forwarding;

/// <summary>
/// What the requests of a listener's connections see. Replaced as a whole; a request uses one from start to end.
/// </summary>
internal sealed record ListenerView(
    HttpConfig Config, RouteTable Routes, FrozenDictionary<string, UpstreamCluster> Clusters, HttpStats Stats)
{
    private readonly ForwarderRequestConfig _http1 = Request(HttpVersion.Version11, Config.StreamIdleTimeout);
    private readonly ForwarderRequestConfig _http2 = Request(HttpVersion.Version20, Config.StreamIdleTimeout);

    public ImmutableArray<AccessLog> Logs { get; init; } = [];

    /// <summary>The filters that are configured apart, in order.</summary>
    public ImmutableArray<ReadyFilter> Filters { get; init; } = [];

    /// <summary>How a request that came by <paramref name="protocol"/> is sent to a cluster.</summary>
    public ForwarderRequestConfig RequestTo(UpstreamProtocol upstream, string protocol) =>
        upstream == UpstreamProtocol.Http2
        || (upstream == UpstreamProtocol.AsDownstream && HttpProtocol.IsHttp2(protocol))
            ? _http2
            : _http1;

    private static ForwarderRequestConfig Request(Version version, TimeSpan? idle) => new()
    {
        Version = version,
        VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        ActivityTimeout = idle ?? Timeout.InfiniteTimeSpan,
    };
}
