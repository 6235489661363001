using System.Collections.Frozen;
using Weft.Proxy.Listening;
using Weft.Proxy.Routing;
using Weft.Proxy.Stats;
using Weft.Proxy.Upstream;

namespace Weft.Proxy.Forwarding;

/// <summary>What a listener's requests see. Replaced as a whole; a request uses one from start to end.</summary>
internal sealed record ListenerView(
    ListenerConfig Config, RouteTable Routes, FrozenDictionary<string, UpstreamCluster> Clusters, HttpStats Stats);
