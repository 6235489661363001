using System.Collections.Immutable;
using Weft.Flow;
using Weft.Model;

namespace Weft.Translation;

/// <summary>
/// What routes and policies ask for that gRPC applications, which route for themselves, do not do: they look at matches,
/// weights, deadlines, retries by status, circuit breaking and outlier detection, and pass over all else (gRFC A28 and
/// its successors).
/// </summary>
public static class GrpcLimits
{
    private static readonly ImmutableArray<string> KnownRetries =
        ["cancelled", "deadline-exceeded", "internal", "resource-exhausted", "unavailable"];

    /// <summary>One warning for each route and each policy with such a part, for clients of one namespace.</summary>
    public static ImmutableArray<Diagnostic> Of(MeshSnapshot mesh, string clientNamespace) =>
    [
        .. mesh.Services.Values.SelectMany(service => service.Ports.SelectMany(port => port.RoutesFor(clientNamespace)
            .Select(route => Warn($"The route {route.Name}", Of(route)))
            .Append(Warn($"The policy of {service.Name}:{port.Port}", Of(port.Policy)))))
            .OfType<Diagnostic>().Distinct(),
    ];

    private static Diagnostic? Warn(string what, ImmutableArray<string> parts) => parts.IsEmpty
        ? null
        : Diagnostic.Warning(
            "WEFT4003", null, $"{what} asks for {string.Join(", ", parts)}, which gRPC applications without a proxy do not do.",
            "leave it out, or give the application a proxy");

    private static ImmutableArray<string> Of(Route route) => Named(
        (route.Filters.Redirect is not null, "a redirect"),
        (route.Filters.Rewrite is not null, "a rewrite"),
        (!route.Filters.Mirrors.IsEmpty, "copies of requests"),
        (route.Filters.Cors is not null, "CORS"),
        (!route.Filters.RequestHeaders.IsNone || route.Backends.Any(b => !b.RequestHeaders.IsNone), "changes of request headers"),
        (!route.Filters.ResponseHeaders.IsNone || route.Backends.Any(b => !b.ResponseHeaders.IsNone), "changes of response headers"),
        (!route.Match.Query.IsEmpty, "a match by query"),
        (route.RateLimit is not null, "a rate limit"),
        (route.Affinity is not null, "session affinity"),
        (route.BackendTimeout is not null, "a timeout of one try"),
        (HasForeign(route.Retry), "retries by statuses of HTTP"));

    private static ImmutableArray<string> Of(TrafficPolicy policy) => Named(
        (policy.RateLimit is not null, "a rate limit"),
        (policy.Affinity is not null, "session affinity"),
        (policy.HealthCheck is not null, "health checks"),
        (policy.LoadBalancing?.Algorithm is LoadBalancingAlgorithm.Maglev or LoadBalancingAlgorithm.Random, "this load balancing"),
        (HasForeign(policy.Retry), "retries by statuses of HTTP"));

    private static bool HasForeign(RetryPolicy? retry) =>
        retry is not null && (!retry.Codes.IsEmpty || retry.On.Any(c => !KnownRetries.Contains(c)));

    private static ImmutableArray<string> Named(params ReadOnlySpan<(bool Asked, string What)> parts)
    {
        var named = ImmutableArray.CreateBuilder<string>();
        foreach (var (asked, what) in parts)
        {
            if (asked)
            {
                named.Add(what);
            }
        }

        return named.ToImmutable();
    }
}
