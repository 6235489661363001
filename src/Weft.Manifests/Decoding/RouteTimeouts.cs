using Weft.Manifests.Yaml;
namespace Weft.Manifests.Decoding;

/// <summary>Reads the <c>timeouts</c> of a route's rule.</summary>
internal static class RouteTimeouts
{
    public static (TimeSpan? Request, TimeSpan? BackendRequest) Of(FieldReader rule)
    {
        if (rule.Map("timeouts") is not { } timeouts)
        {
            return (null, null);
        }

        var request = Duration(timeouts, "request");
        var backend = Duration(timeouts, "backendRequest");
        if (request is not null && backend > request)
        {
            timeouts.Findings.Error(
                "WEFT1107", timeouts.Find("backendRequest")!.Where,
                $"{timeouts.PathOf("backendRequest")} is longer than the timeout of the whole request.",
                "make it shorter");
        }

        timeouts.Close();
        return (request, backend);
    }

    // "A zero-valued timeout ("0s") SHOULD be interpreted as disabling the timeout" (HTTPRouteTimeouts).
    private static TimeSpan? Duration(FieldReader timeouts, string name)
    {
        if (timeouts.Find(name) is null || timeouts.Text(name) is not { } text)
        {
            return null;
        }

        if (GatewayDuration.Parse(text.Text) is not { } duration)
        {
            timeouts.Findings.Error(
                "WEFT1107", text.Where, $"{timeouts.PathOf(name)}: {Excerpt.Of(text.Text)} is no duration.",
                "write it like 500ms, 10s or 1h30m");
            return null;
        }

        return duration == TimeSpan.Zero ? null : duration;
    }
}
