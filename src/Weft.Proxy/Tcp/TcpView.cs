using System.Collections.Frozen;
using Weft.Proxy.Stats;
using Weft.Proxy.Upstream;

namespace Weft.Proxy.Tcp;

/// <summary>What connections that carry bytes see when they begin.</summary>
internal sealed record TcpView(
    TcpConfig Config, FrozenDictionary<string, UpstreamCluster> Clusters, TcpStats Stats);
