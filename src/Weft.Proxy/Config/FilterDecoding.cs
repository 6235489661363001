using System.Collections.Frozen;
using Envoy.Config.Core.V3;
using Envoy.Config.Route.V3;
using Envoy.Extensions.Filters.Http.Cors.V3;
using Google.Protobuf.Collections;
using Google.Protobuf.WellKnownTypes;
using Weft.Proxy.Filters;
using CorsPolicy = Envoy.Extensions.Filters.Http.Cors.V3.CorsPolicy;
using HttpFilter = Weft.Proxy.Filters.HttpFilter;
using LocalRateLimit = Envoy.Extensions.Filters.Http.LocalRatelimit.V3.LocalRateLimit;
using LookupConfig = Envoy.Extensions.Filters.Http.DynamicForwardProxy.V3.FilterConfig;
using Message = Envoy.Extensions.Filters.Network.HttpConnectionManager.V3.HttpFilter;

namespace Weft.Proxy.Config;

/// <summary>The filters before the router, and what routes make of them.</summary>
internal static class FilterDecoding
{
    private static readonly FrozenSet<string> CorsFields = FrozenSet.Create(
        "allow_origin_string_match", "allow_methods", "allow_headers", "expose_headers", "max_age", "allow_credentials",
        "filter_enabled", "allow_private_network_access", "forward_not_matching_preflights");

    private static readonly FrozenSet<string> LimitFields = FrozenSet.Create(
        "stat_prefix", "status", "token_bucket", "filter_enabled", "filter_enforced", "response_headers_to_add");

    /// <summary>A filter of a listener; null where it is optional and unknown, or refused.</summary>
    public static HttpFilter? Filter(Message message, Refusals refusals)
    {
        var config = message.ConfigDiscovery is { } discovery ? DiscoveryDecoding.Reference(message.Name, discovery, refusals)
            : message.TypedConfig is null ? null
            : Known(message.TypedConfig, $"http_filters {message.Name}", refusals);
        if (config is not null)
        {
            return new(message.Name, message.Disabled ? HttpFilterConfig.Off.Instance : config);
        }

        if (!message.IsOptional && !message.Disabled)
        {
            refusals.Add("http_filters", $"{message.Name} is not supported by Weft.Proxy");
        }

        return null;
    }

    public static FrozenDictionary<string, HttpFilterConfig> Overrides(
        MapField<string, Any> message, string where, Refusals refusals)
    {
        if (message.Count == 0)
        {
            return FrozenDictionary<string, HttpFilterConfig>.Empty;
        }

        var overrides = new Dictionary<string, HttpFilterConfig>(StringComparer.Ordinal);
        foreach (var (name, packed) in message)
        {
            if (Override(packed, $"{where} typed_per_filter_config {name}", refusals) is { } config)
            {
                overrides[name] = config;
            }
        }

        return overrides.ToFrozenDictionary(StringComparer.Ordinal);
    }

    private static HttpFilterConfig? Override(Any packed, string where, Refusals refusals)
    {
        var isOptional = false;
        if (packed.TryUnpack<FilterConfig>(out var wrapper))
        {
            if (wrapper.Disabled)
            {
                return HttpFilterConfig.Off.Instance;
            }

            isOptional = wrapper.IsOptional;
            packed = wrapper.Config ?? new();
        }

        if (Known(packed, where, refusals) is { } known)
        {
            return known;
        }

        if (!isOptional)
        {
            refusals.Add(where, $"{packed.TypeUrl} is not supported by Weft.Proxy");
        }

        return null;
    }

    private static HttpFilterConfig? Known(Any packed, string where, Refusals refusals) =>
        packed.Is(Cors.Descriptor) ? HttpFilterConfig.Off.Instance
        : packed.TryUnpack<CorsPolicy>(out var cors) ? Policy(cors, where, refusals)
        : packed.TryUnpack<LocalRateLimit>(out var limit) ? Limit(limit, where, refusals)
        : packed.TryUnpack<LookupConfig>(out var lookup) ? Lookup(lookup, where, refusals)
        : SessionDecoding.TryDecode(packed, where, refusals);

    /// <summary>The cluster looks up by itself.</summary>
    private static HttpFilterConfig.Off Lookup(LookupConfig message, string where, Refusals refusals)
    {
        LookupDecoding.Check(message, where, refusals);
        return HttpFilterConfig.Off.Instance;
    }

    private static Weft.Proxy.Filters.CorsPolicy Policy(CorsPolicy message, string where, Refusals refusals)
    {
        refusals.AddUnknown(message, where, CorsFields);
        foreach (var text in
            new[] { message.AllowMethods, message.AllowHeaders, message.ExposeHeaders, message.MaxAge })
        {
            if (text.AsSpan().ContainsAny('\r', '\n', '\0'))
            {
                refusals.Add(where, "a header value holds a control character");
            }
        }

        return new(
            [.. message.AllowOriginStringMatch
                .Select(o => MatchDecoding.Text(o, $"{where} allow_origin_string_match", refusals))],
            message.AllowMethods,
            message.AllowHeaders,
            message.ExposeHeaders,
            message.MaxAge,
            message.AllowCredentials ?? false,
            message.AllowPrivateNetworkAccess ?? false,
            message.ForwardNotMatchingPreflights ?? true,
            MatchDecoding.Fraction(message.FilterEnabled?.DefaultValue));
    }

    private static HttpFilterConfig Limit(LocalRateLimit message, string where, Refusals refusals)
    {
        refusals.AddUnknown(message, where, LimitFields);
        if (message.TokenBucket is not { } bucket)
        {
            // Envoy: without a bucket the filter does nothing.
            return HttpFilterConfig.Off.Instance;
        }

        var interval = refusals.Read(bucket.FillInterval, $"{where} fill_interval") ?? TimeSpan.Zero;
        if (interval < TimeSpan.FromMilliseconds(50) || bucket.MaxTokens == 0)
        {
            refusals.Add(where, "token_bucket needs max_tokens, and a fill_interval of at least 50 milliseconds");
            return HttpFilterConfig.Off.Instance;
        }

        var status = (int)(message.Status?.Code ?? 0);
        return new Weft.Proxy.Filters.LocalRateLimit(
            message.StatPrefix,
            status < 400 ? 429 : status,
            new(bucket.MaxTokens, (bucket.TokensPerFill ?? 1) / interval.TotalSeconds),
            Share(message.FilterEnabled),
            Share(message.FilterEnforced),
            HeaderDecoding.Edits(message.ResponseHeadersToAdd, [], where, refusals));
    }

    /// <summary>Where the share is not told, Envoy counts and refuses nothing.</summary>
    private static double Share(RuntimeFractionalPercent? share) =>
        share is null ? 0 : MatchDecoding.Fraction(share.DefaultValue);
}
