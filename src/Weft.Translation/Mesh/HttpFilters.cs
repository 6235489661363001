using Envoy.Config.Core.V3;
using Envoy.Extensions.Filters.Http.Cors.V3;
using Envoy.Extensions.Filters.Http.LocalRatelimit.V3;
using Envoy.Extensions.Filters.Http.Router.V3;
using Envoy.Extensions.Filters.Http.StatefulSession.V3;
using Envoy.Extensions.Filters.Network.HttpConnectionManager.V3;
using Envoy.Extensions.Http.StatefulSession.Cookie.V3;
using Envoy.Extensions.Http.StatefulSession.Header.V3;
using Envoy.Type.Http.V3;
using Envoy.Type.Matcher.V3;
using Envoy.Type.V3;
using Google.Protobuf;
using Google.Protobuf.Collections;
using Google.Protobuf.WellKnownTypes;
using Weft.Model;
using CorsPolicy = Weft.Model.CorsPolicy;
using EnvoyCors = Envoy.Extensions.Filters.Http.Cors.V3.CorsPolicy;
using FilterConfig = Envoy.Extensions.Filters.Http.DynamicForwardProxy.V3.FilterConfig;
using RateLimit = Weft.Model.RateLimit;

namespace Weft.Translation;

/// <summary>
/// HTTP filters. But for plugins, each listener has all of them from the start, doing nothing: so what a route asks for is
/// a change of routes alone, and no listener drains for it.
/// </summary>
internal static class HttpFilters
{
    private const string Cors = "envoy.filters.http.cors";
    private const string LocalRateLimit = "envoy.filters.http.local_ratelimit";
    private const string StatefulSession = "envoy.filters.http.stateful_session";
    private const string DynamicForwardProxy = "envoy.filters.http.dynamic_forward_proxy";
    private const string RateLimitStats = "http_local_rate_limiter";

    public static HttpFilter Router { get; } = Filter("envoy.filters.http.router", new Router());

    // A proxy built without one of them can do without it, until a route asks for it.
    private static HttpFilter[] Idle { get; } =
    [
        Filter(Cors, new Cors(), optional: true),
        Filter(LocalRateLimit, new LocalRateLimit { StatPrefix = RateLimitStats }, optional: true),
        Filter(StatefulSession, new StatefulSession(), optional: true),
    ];

    /// <summary>The filters of a listener, in order: plugins first, for by what they say of a request its route is chosen.</summary>
    /// <param name="plugins">Those of the listener, in order.</param>
    /// <param name="lookup">How hosts outside the mesh are looked up; null where they are refused.</param>
    public static IEnumerable<HttpFilter> All(IEnumerable<Plugin> plugins, FilterConfig? lookup) =>
    [
        .. plugins.Select(PluginFilters.Filter),
        .. Idle,
        .. lookup is null ? (HttpFilter[])[] : [Filter(DynamicForwardProxy, lookup)],
        Router,
    ];

    /// <summary>What a route's filters and policies make of them.</summary>
    public static void Configure(Model.Route route, MapField<string, Any> perFilter)
    {
        if (route.Filters.Cors is { } cors)
        {
            perFilter[Cors] = Any.Pack(CorsOf(cors));
        }

        Configure(route.RateLimit, route.Affinity, perFilter);
    }

    public static void Configure(RateLimit? limit, SessionAffinity? affinity, MapField<string, Any> perFilter)
    {
        if (limit is not null)
        {
            perFilter[LocalRateLimit] = Any.Pack(LimitOf(limit));
        }

        if (affinity is not null)
        {
            perFilter[StatefulSession] = Any.Pack(new StatefulSessionPerRoute { StatefulSession = SessionOf(affinity) });
        }
    }

    private static HttpFilter Filter(string name, IMessage config, bool optional = false) =>
        new() { Name = name, TypedConfig = Any.Pack(config), IsOptional = optional };

    private static EnvoyCors CorsOf(CorsPolicy cors)
    {
        var policy = new EnvoyCors
        {
            AllowMethods = string.Join(", ", cors.Methods),
            AllowHeaders = string.Join(", ", cors.Headers),
            ExposeHeaders = string.Join(", ", cors.ExposeHeaders),
            MaxAge = ((long)cors.MaxAge.TotalSeconds).ToString(System.Globalization.CultureInfo.InvariantCulture),
            AllowCredentials = cors.Credentials,
        };
        policy.AllowOriginStringMatch.AddRange(cors.Origins.Select(Origin));
        return policy;
    }

    private static StringMatcher Origin(string origin)
    {
        if (origin == "*" || !origin.Contains('*', StringComparison.Ordinal))
        {
            return new() { Exact = origin };
        }

        var expression = System.Text.RegularExpressions.Regex.Escape(origin).Replace(@"\*", "[^/]+", StringComparison.Ordinal);
        return new() { SafeRegex = RouteMatches.Regex(expression) };
    }

    private static LocalRateLimit LimitOf(RateLimit limit)
    {
        var always = new RuntimeFractionalPercent
        {
            DefaultValue = new() { Numerator = 100, Denominator = FractionalPercent.Types.DenominatorType.Hundred },
        };
        return new()
        {
            StatPrefix = RateLimitStats,
            TokenBucket = new()
            {
                MaxTokens = (uint)Math.Max(limit.Burst, limit.Requests),
                TokensPerFill = (uint)limit.Requests,
                FillInterval = Duration.FromTimeSpan(limit.Per),
            },
            FilterEnabled = always,
            FilterEnforced = always.Clone(),
        };
    }

    private static StatefulSession SessionOf(SessionAffinity affinity)
    {
        var cookie = new Cookie { Name = affinity.Name, Path = affinity.Path };
        if (affinity.Ttl is { } ttl)
        {
            cookie.Ttl = Duration.FromTimeSpan(ttl);
        }

        return new()
        {
            SessionState = affinity.IsCookie
                ? new TypedExtensionConfig
                {
                    Name = "envoy.http.stateful_session.cookie",
                    TypedConfig = Any.Pack(new CookieBasedSessionState { Cookie = cookie }),
                }
                : new TypedExtensionConfig
                {
                    Name = "envoy.http.stateful_session.header",
                    TypedConfig = Any.Pack(new HeaderBasedSessionState { Name = affinity.Name }),
                },
        };
    }
}
