using System.Collections.Immutable;
using Envoy.Config.Cluster.V3;
using Envoy.Config.Core.V3;
using Envoy.Config.Endpoint.V3;
using Envoy.Config.Listener.V3;
using Envoy.Config.Route.V3;
using Envoy.Extensions.TransportSockets.Tls.V3;
using Google.Protobuf.WellKnownTypes;
using Weft.Proxy.Listening;
using Weft.Xds;
using Weft.Xds.Client;

namespace Weft.Proxy.Config;

/// <summary>Compiles each resource once, when it arrives; what cannot be obeyed is refused with a reason.</summary>
internal static class ResourceDecoding
{
    /// <summary>The verdict of a proxy that runs no filters of ECDS.</summary>
    public static ResourceVerdict Check(string typeUrl, string name, Any body) => Check(typeUrl, name, body, FilterSource.None);

    /// <summary>The verdict of a proxy with these factories.</summary>
    public static ResourceCheck With(FilterSource filters) =>
        (typeUrl, name, body) => Check(typeUrl, name, body, filters);

    private static ResourceVerdict Check(string typeUrl, string name, Any body, FilterSource filters)
    {
        try
        {
            return typeUrl == TypeUrl.ExtensionConfig
                ? DiscoveryDecoding.Resource(name, body.Unpack<TypedExtensionConfig>(), filters)
                : Decode(typeUrl, name, body);
        }
        catch (InvalidOperationException e)
        {
            // Google.Protobuf's way to say that a wrapper such as UInt32Value is cut short.
            return ResourceVerdict.Reject($"the message cannot be read: {e.Message}");
        }
    }

    private static ResourceVerdict Decode(string typeUrl, string name, Any body) => typeUrl switch
    {
        TypeUrl.Cluster => Cluster(name, body.Unpack<Cluster>()),
        TypeUrl.Endpoints => Endpoints(name, body.Unpack<ClusterLoadAssignment>()),
        TypeUrl.Secret => Secret(name, body.Unpack<Secret>()),
        TypeUrl.Listener => Listener(name, body.Unpack<Listener>()),
        TypeUrl.Route => Routes(name, body.Unpack<RouteConfiguration>()),
        _ => ResourceVerdict.Reject($"Weft.Proxy does not use resources of type {typeUrl}"),
    };

    private static ResourceVerdict Cluster(string name, Cluster message)
    {
        var refusals = new Refusals();
        RequireName(name, message.Name, refusals);
        var cluster = ClusterDecoding.Decode(message, refusals);
        return Verdict(
            refusals, cluster, cluster.EndpointsName is { } endpoints ? [new(TypeUrl.Endpoints, endpoints)] : []);
    }

    private static ResourceVerdict Endpoints(string name, ClusterLoadAssignment message)
    {
        var refusals = new Refusals();
        RequireName(name, message.ClusterName, refusals);
        return Verdict(refusals, EndpointDecoding.Decode(message, refusals), []);
    }

    private static ResourceVerdict Listener(string name, Listener message)
    {
        var refusals = new Refusals();
        RequireName(name, message.Name, refusals);
        var listener = ListenerDecoding.Decode(message, refusals);
        return Verdict(
            refusals, listener, listener is null ? [] : [.. listener.Chains.SelectMany(NeedsOf).Distinct()]);
    }

    private static IEnumerable<ResourceReference> NeedsOf(ChainConfig chain)
    {
        foreach (var secret in chain.Tls?.SecretNames ?? [])
        {
            yield return new(TypeUrl.Secret, secret);
        }

        if (chain.Traffic is not HttpConfig http)
        {
            yield break;
        }

        if (http.RouteName is { } routes)
        {
            yield return new(TypeUrl.Route, routes);
        }

        foreach (var filter in http.Discovered)
        {
            yield return new(TypeUrl.ExtensionConfig, filter.Resource);
        }
    }

    private static ResourceVerdict Secret(string name, Secret message)
    {
        var refusals = new Refusals();
        RequireName(name, message.Name, refusals);
        return Verdict(refusals, SecretDecoding.Decode(message, refusals), []);
    }

    private static ResourceVerdict Routes(string name, RouteConfiguration message)
    {
        var refusals = new Refusals();
        RequireName(name, message.Name, refusals);
        return Verdict(refusals, RouteDecoding.Decode(message, refusals), []);
    }

    private static void RequireName(string name, string inner, Refusals refusals)
    {
        if (name != inner)
        {
            refusals.Add("name", $"the message calls itself '{inner}'");
        }
    }

    private static ResourceVerdict Verdict(
        Refusals refusals, object? value, ImmutableArray<ResourceReference> refersTo) =>
        refusals.IsEmpty ? ResourceVerdict.Accept(value, refersTo) : ResourceVerdict.Reject(refusals.ToString());
}
