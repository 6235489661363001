using System.Collections.Immutable;
using Envoy.Config.Core.V3;
using Envoy.Extensions.Filters.Http.Rbac.V3;
using Google.Protobuf.WellKnownTypes;
using Weft.Proxy.Filters;
using Weft.Xds.Client;

namespace Weft.Proxy.Config;

/// <summary>Where filters come from, and where they are kept.</summary>
/// <param name="Host">The proxy; null where there is none, and filters are not made.</param>
internal sealed record FilterSource(ImmutableArray<IHttpFilterFactory> Factories, FilterShelf Shelf, HttpFilterHost? Host)
{
    /// <summary>No filters.</summary>
    public static FilterSource None { get; } = new([], new(), null);
}

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
    public static ResourceVerdict Resource(string name, TypedExtensionConfig message, FilterSource source)
    {
        var refusals = new Refusals();
        if (message.Name != name)
        {
            return ResourceVerdict.Reject($"name: the message calls itself '{message.Name}'");
        }

        var config = message.TypedConfig ?? new Any();
        if (IsPassThrough(config, "rbac", refusals))
        {
            return refusals.IsEmpty ? ResourceVerdict.Accept(source.Shelf.Add(name, PassThrough.Instance)) : ResourceVerdict.Reject(refusals.ToString());
        }

        if (source.Factories.FirstOrDefault(f => f.TypeUrl == config.TypeUrl) is not { } factory || source.Host is null)
        {
            return ResourceVerdict.Reject($"this proxy has nothing that runs filters of type {config.TypeUrl}");
        }

        var verdict = factory.Create(name, config, source.Host);
        return verdict.Filter is { } filter
            ? ResourceVerdict.Accept(source.Shelf.Add(name, filter))
            : ResourceVerdict.Reject(verdict.Error!);
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
