using System.Collections.Immutable;
using Envoy.Config.Route.V3;
using Google.Protobuf;
using Weft.Translation.Raw;

namespace Weft.Translation;

/// <summary>
/// What resources name: clusters wherever a message sends to one, and what is to be fetched on the stream that the
/// resource itself came by: assignments, routes, secrets, configurations of filters.
/// </summary>
public static class EnvoyReferences
{
    /// <summary>What a resource names, each once.</summary>
    public static ImmutableArray<Reference> Of(IMessage message)
    {
        var walk = new ReferenceWalk();
        walk.Visit(message);
        return walk.Found;
    }

    /// <summary>What a resource of these bytes names; nothing where the type is not known or the bytes are none of it.</summary>
    public static ImmutableArray<Reference> Of(string typeUrl, ByteString body)
    {
        try
        {
            return EnvoyTypes.Find(typeUrl) is { } type ? Of(type.Parser.ParseFrom(body)) : [];
        }
        catch (InvalidProtocolBufferException)
        {
            // Bytes pass untouched even where they are no such message: the client will say so.
            return [];
        }
    }

    /// <summary>The clusters that a virtual host sends to.</summary>
    public static IEnumerable<string> ClustersOf(VirtualHost host) => RouteClusters.Of(host);

    /// <summary>The name of the first route that sends to a cluster, or null.</summary>
    public static string? RouteTo(RouteConfiguration routes, string cluster) => routes.VirtualHosts
        .SelectMany(host => host.Routes)
        .FirstOrDefault(route => RouteClusters.Of(route).Contains(cluster, StringComparer.Ordinal))?.Name;
}
