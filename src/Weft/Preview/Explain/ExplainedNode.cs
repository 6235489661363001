using System.Collections.Immutable;
using Envoy.Config.Core.V3;
using Envoy.Config.Listener.V3;
using Weft.Proxy.Routing;

namespace Weft.Preview;

/// <summary>A request of a node, explained by each of its tables that knows the host.</summary>
internal sealed record ExplainedNode(
    string Node, NodeConfig Config, ImmutableArray<(Listener Listener, RouteExplanation Explanation)> Tables)
{
    /// <summary>Null where nothing takes requests of the node's own.</summary>
    public static ExplainedNode? Of(string node, NodeConfig config, RouteRequest request)
    {
        var asked = config.Tables
            .Where(t => t.Listener.TrafficDirection != TrafficDirection.Inbound)
            .Where(t => t.Listener.ApiListener is null || t.Listener.Name == request.Host)
            .Select(t => (t.Listener, RouteExplanation.Of(t.Table, AsSeenBy(t.Listener, request))))
            .ToImmutableArray();
        var knowing = asked.Where(t => t.Item2.Choice is not null).ToImmutableArray();
        return asked.IsEmpty ? null : new(node, config, knowing.IsEmpty ? asked[..1] : knowing);
    }

    /// <summary>With the path as the listener makes it before it looks for a route.</summary>
    private static RouteRequest AsSeenBy(Listener listener, RouteRequest request) =>
        HttpManagers.Of(listener).FirstOrDefault() is { } manager
            ? request with { Path = PathNormalization.Of(manager).Apply(request.Path).Target }
            : request;
}
