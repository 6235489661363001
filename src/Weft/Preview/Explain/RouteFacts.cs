using Envoy.Config.Route.V3;
using Google.Protobuf.WellKnownTypes;
using Route = Envoy.Config.Route.V3.Route;

namespace Weft.Preview;

/// <summary>Something that a route does to a request, in words.</summary>
/// <param name="Field">The field that says so, from the route on.</param>
/// <param name="Label">What it is about: <c>timeout</c>.</param>
internal sealed record RouteFact(string Field, string Label, string Words);

/// <summary>What a route does, but for the clusters that it sends to.</summary>
internal static class RouteFacts
{
    // "Default is 15s" (RouteAction.timeout).
    private const string DefaultTimeout = "15 s (Envoy's default)";

    public static IEnumerable<RouteFact> Of(Route route, ServiceNames names) =>
        AnswerOf(route).Concat(HeaderFacts.Of(route))
            .Concat(route.Route_ is { } action ? ActionOf(action, names) : []);

    public static string Time(Duration duration)
    {
        try
        {
            var span = duration.ToTimeSpan();
            return span == TimeSpan.Zero ? "none"
                : span < TimeSpan.FromSeconds(1) ? FormattableString.Invariant($"{span.TotalMilliseconds:0.###} ms")
                : FormattableString.Invariant($"{span.TotalSeconds:0.###} s");
        }
        catch (InvalidOperationException)
        {
            // The numbers of a raw resource need not be normal.
            return FormattableString.Invariant($"{duration.Seconds} s and {duration.Nanos} ns");
        }
    }

    private static IEnumerable<RouteFact> AnswerOf(Route route)
    {
        if (route.Redirect is { } redirect)
        {
            yield return new("redirect", "redirect", RedirectWords.Of(redirect));
        }

        if (route.DirectResponse is { } direct)
        {
            var body = direct.Body?.InlineString is { Length: > 0 } text ? $" \"{Words.Shown(text)}\"" : "";
            yield return new("direct_response", "answer", FormattableString.Invariant($"{direct.Status}{body}"));
        }
    }

    private static IEnumerable<RouteFact> ActionOf(RouteAction action, ServiceNames names)
    {
        yield return new("route.timeout", "timeout", action.Timeout is { } timeout ? Time(timeout) : DefaultTimeout);
        if (action.MaxStreamDuration?.MaxStreamDuration_ is { } most)
        {
            yield return new("route.max_stream_duration", "longest stream", Time(most));
        }

        if (action.IdleTimeout is { } idle)
        {
            yield return new("route.idle_timeout", "idle timeout", Time(idle));
        }

        yield return new("route.retry_policy", "retries", RetryWords(action.RetryPolicy));
        if (action.RetryPolicy?.PerTryTimeout is { } bound)
        {
            yield return new("route.retry_policy", "timeout of a try", Time(bound));
        }

        foreach (var rewrite in RewriteWords.Of(action))
        {
            yield return rewrite;
        }

        foreach (var mirror in action.RequestMirrorPolicies)
        {
            yield return new("route.request_mirror_policies", "mirror", MirrorWords(mirror, names));
        }
    }

    private static string RetryWords(RetryPolicy? retry)
    {
        if (retry is null || retry.RetryOn.Length == 0)
        {
            return "none";
        }

        var most = FormattableString.Invariant($"{retry.NumRetries ?? 1} on {Words.Shown(retry.RetryOn.Replace(",", ", ", StringComparison.Ordinal))}");
        var codes = retry.RetriableStatusCodes.Count > 0 ? $" ({string.Join(", ", retry.RetriableStatusCodes)})" : "";
        return most + codes;
    }

    private static string MirrorWords(RouteAction.Types.RequestMirrorPolicy mirror, ServiceNames names)
    {
        var to = mirror.Cluster.Length > 0 ? names.Cluster(mirror.Cluster) : $"the cluster in header {Words.Shown(mirror.ClusterHeader)}";
        return mirror.RuntimeFraction is { } fraction
            ? $"{Words.Percent(Conditions.ShareOf(new RouteMatch { RuntimeFraction = fraction }))} to {to}"
            : $"to {to}";
    }
}
