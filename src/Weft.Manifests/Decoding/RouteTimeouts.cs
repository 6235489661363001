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

        var request = Bound(timeouts, "request");
        var backend = Bound(timeouts, "backendRequest");
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
    private static TimeSpan? Bound(FieldReader timeouts, string name) =>
        timeouts.Duration(name) is { } duration && duration > TimeSpan.Zero ? duration : null;
}
