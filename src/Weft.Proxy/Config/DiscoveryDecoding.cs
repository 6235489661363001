using System.Collections.Immutable;
using Envoy.Config.Core.V3;
using Envoy.Extensions.Filters.Http.Rbac.V3;
using Google.Protobuf.WellKnownTypes;
using Weft.Proxy.Filters;
using Weft.Xds.Client;

namespace Weft.Proxy.Config;

/// <summary>Filters that are configured by a resource of their own, ECDS.</summary>
internal static class DiscoveryDecoding
{
    private static readonly string PassThroughUrl = "type.googleapis.com/" + RBAC.Descriptor.FullName;

    /// <summary>A listener's reference to such a resource.</summary>
    public static HttpFilterConfig Reference(string name, ExtensionConfigSource source, Refusals refusals)
    {
        var where = $"http_filters {name} config_discovery";
        // The proxy waits for as long as it takes, unless it is told that there is none.
        var from = source.ConfigSource?.Clone();
        from?.InitialFetchTimeout = null;
        ClusterDecoding.RequireAds(from, where, refusals);
        if (source.DefaultConfig is { } standard && !IsPassThrough(standard, where, refusals))
        {
            refusals.Add(where, "a default_config that does anything is not supported by Weft.Proxy");
        }

        return new DiscoveredFilter(name, source.DefaultConfig is not null);
    }

    /// <summary>The resource.</summary>
    public static ResourceVerdict Resource(string name, TypedExtensionConfig message, ImmutableArray<IHttpFilterFactory> factories)
    {
        var refusals = new Refusals();
        if (message.Name != name)
        {
            return ResourceVerdict.Reject($"name: the message calls itself '{message.Name}'");
        }

        var config = message.TypedConfig ?? new Any();
        if (IsPassThrough(config, "rbac", refusals))
        {
            return refusals.IsEmpty ? ResourceVerdict.Accept(PassThrough.Instance) : ResourceVerdict.Reject(refusals.ToString());
        }

        if (factories.FirstOrDefault(f => f.TypeUrl == config.TypeUrl) is not { } factory)
        {
            return ResourceVerdict.Reject($"this proxy has nothing that runs filters of type {config.TypeUrl}");
        }

        var verdict = factory.Create(name, config);
        return verdict.Filter is { } filter ? ResourceVerdict.Accept(filter) : ResourceVerdict.Reject(verdict.Error!);
    }

    /// <summary>Whether it is the filter that does nothing; one with rules is refused.</summary>
    private static bool IsPassThrough(Any config, string where, Refusals refusals)
    {
        if (config.TypeUrl != PassThroughUrl)
        {
            return false;
        }

        refusals.AddAll(config.Unpack<RBAC>(), where);
        return true;
    }
}
