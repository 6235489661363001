using Envoy.Extensions.Filters.Network.HttpConnectionManager.V3;
using EscapedAction = Envoy.Extensions.Filters.Network.HttpConnectionManager.V3.HttpConnectionManager.Types
    .PathWithEscapedSlashesAction;

namespace Weft.Proxy.Routing;

/// <summary>
/// What Envoy's HTTP connection manager makes of a path before anything looks at it: <c>normalize_path</c>,
/// <c>merge_slashes</c> and <c>path_with_escaped_slashes_action</c>, in Envoy's order and with its results.
/// </summary>
/// <param name="Canonical">
/// Whether dot segments are removed and needless escapes are undone (RFC 3986, section 6.2.2).
/// </param>
/// <param name="MergeSlashes">Whether slashes that follow each other become one.</param>
public sealed record PathNormalization(bool Canonical, bool MergeSlashes, EscapedSlashes Escaped)
{
    /// <summary>Every path stays as it is written.</summary>
    public static PathNormalization None { get; } = new(false, false, EscapedSlashes.Keep);

    /// <summary>What a connection manager asks for.</summary>
    public static PathNormalization Of(HttpConnectionManager manager) => new(
        manager.NormalizePath ?? false,
        manager.MergeSlashes,
        manager.PathWithEscapedSlashesAction switch
        {
            EscapedAction.RejectRequest => EscapedSlashes.Refuse,
            EscapedAction.UnescapeAndRedirect => EscapedSlashes.Redirect,
            EscapedAction.UnescapeAndForward => EscapedSlashes.Unescape,
            _ => EscapedSlashes.Keep,
        });

    /// <summary>The target, and whether the request goes on with it.</summary>
    /// <param name="target">The path in origin form, with the query, which is never changed.</param>
    public (string Target, PathVerdict Verdict) Apply(string target)
    {
        // Envoy refuses a path with a fragment, and characters that no path has, also where it changes none.
        if (target.AsSpan().IndexOfAnyExceptInRange('!', '~') >= 0 || target.Contains('#', StringComparison.Ordinal))
        {
            return (target, PathVerdict.Refuse);
        }

        if (!target.StartsWith('/') || this == None)
        {
            return (target, PathVerdict.GoOn);
        }

        var end = target.IndexOf('?', StringComparison.Ordinal);
        var path = end < 0 ? target : target[..end];
        var unescaped = Escaped == EscapedSlashes.Keep ? path : Unescape(path);
        if (unescaped != path && Escaped == EscapedSlashes.Refuse)
        {
            return (target, PathVerdict.Refuse);
        }

        // "Slash merging follows path normalization", so that what was escaped before is merged as well.
        if ((Canonical ? CanonicalPath.Of(unescaped) : unescaped) is not { } canonical)
        {
            return (target, PathVerdict.Refuse);
        }

        var whole = (MergeSlashes ? Merge(canonical) : canonical) + (end < 0 ? "" : target[end..]);
        return (
            whole, unescaped != path && Escaped == EscapedSlashes.Redirect ? PathVerdict.Redirect : PathVerdict.GoOn);
    }

    private static string Unescape(string path) => path
        .Replace("%2F", "/", StringComparison.OrdinalIgnoreCase)
        .Replace("%5C", "\\", StringComparison.OrdinalIgnoreCase);

    /// <summary>As in Envoy a path of nothing but slashes keeps its first and its last.</summary>
    private static string Merge(string path)
    {
        if (!path.Contains("//", StringComparison.Ordinal))
        {
            return path;
        }

        var parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        return $"/{string.Join('/', parts)}{(path.EndsWith('/') ? "/" : "")}";
    }
}

/// <summary>What is done about <c>%2F</c> and <c>%5C</c> in a path.</summary>
public enum EscapedSlashes
{
    /// <summary>They stay as they are.</summary>
    Keep,

    /// <summary>The request is answered with 400.</summary>
    Refuse,

    /// <summary>The caller is sent to the path with slashes.</summary>
    Redirect,

    /// <summary>They become slashes.</summary>
    Unescape,
}

/// <summary>What becomes of a request because of its path.</summary>
public enum PathVerdict
{
    /// <summary>It is routed by the target.</summary>
    GoOn,

    /// <summary>It is answered with 400.</summary>
    Refuse,

    /// <summary>It is answered with 307 and the target as its location.</summary>
    Redirect,
}
