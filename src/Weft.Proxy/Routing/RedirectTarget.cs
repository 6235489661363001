namespace Weft.Proxy.Routing;

/// <summary>Where a redirect points to. What is null stays as the request has it.</summary>
/// <param name="Port">With its colon; empty where none is asked for.</param>
/// <param name="Path">The new path, which may bring its own query.</param>
/// <param name="Rewrite">A change of the request's path instead of a new one.</param>
internal sealed record RedirectTarget(
    string? Scheme, string? Host, string Port, string? Path, PathRewrite? Rewrite, bool StripQuery)
{
    /// <summary>The value of <c>location</c>.</summary>
    public string Location(in RequestFacts request, PathMatch match)
    {
        var scheme = Scheme ?? request.Scheme;
        return $"{scheme}://{Host ?? HostOf(request, scheme)}{Port}{PathOf(request, match)}";
    }

    private string PathOf(in RequestFacts request, PathMatch match)
    {
        var target = Rewrite?.Apply(request, match) ?? request.Target;
        if (Path is not null)
        {
            // "The path_redirect query string, if any, takes precedence over the request's."
            if (Path.Contains('?', StringComparison.Ordinal))
            {
                return Path;
            }

            var query = target.IndexOf('?', StringComparison.Ordinal);
            target = query < 0 ? Path : string.Concat(Path, target.AsSpan(query));
        }

        var end = StripQuery ? target.IndexOf('?', StringComparison.Ordinal) : -1;
        return end < 0 ? target : target[..end];
    }

    /// <summary>
    /// The request's host, without a port that another takes the place of, or that was the old scheme's own.
    /// </summary>
    private string HostOf(in RequestFacts request, string scheme)
    {
        var host = request.Host;
        var colon = host.StartsWith('[')
            ? host.LastIndexOf("]:", StringComparison.Ordinal) is var end && end < 0 ? -1 : end + 1
            : host.LastIndexOf(':');
        if (colon < 0)
        {
            return host;
        }

        var port = host.AsSpan(colon);
        var isDefault = (request.Scheme == "http" && port is ":80") || (request.Scheme == "https" && port is ":443");
        return Port.Length > 0 || (scheme != request.Scheme && isDefault) ? host[..colon] : host;
    }
}
