using System.Collections.Immutable;

namespace Weft.Model;

/// <summary>A header.</summary>
public sealed record HeaderValue(string Name, string Value);

/// <summary>
/// Changes to a header block: first <paramref name="Remove"/>, then <paramref name="Set"/>, then
/// <paramref name="Add"/>.
/// </summary>
public sealed record HeaderModifier(
    ImmutableArray<HeaderValue> Set, ImmutableArray<HeaderValue> Add, ImmutableArray<string> Remove)
{
    /// <summary>Changes nothing.</summary>
    public static HeaderModifier None { get; } = new([], [], []);

    /// <summary>Whether it changes nothing.</summary>
    public bool IsNone => Set.IsEmpty && Add.IsEmpty && Remove.IsEmpty;
}

/// <summary>What is done to requests, and to responses, on their way.</summary>
/// <typeparam name="TBackend">A backend as it is written, or as it was found.</typeparam>
/// <param name="Mirrors">Who else gets a copy of the requests.</param>
public sealed record RouteFilters<TBackend>(
    HeaderModifier RequestHeaders,
    HeaderModifier ResponseHeaders,
    Redirect? Redirect,
    UrlRewrite? Rewrite,
    ImmutableArray<Mirror<TBackend>> Mirrors,
    CorsPolicy? Cors);

/// <summary>Filters that are the same whatever the backends are.</summary>
public static class RouteFilters
{
    /// <summary>Nothing is done.</summary>
    public static RouteFilters<TBackend> None<TBackend>() => new(HeaderModifier.None, HeaderModifier.None, null, null, [], null);
}

/// <summary>An answer that sends the caller elsewhere; what is null stays as it was in the request.</summary>
/// <param name="Port">
/// Null: the scheme's usual port where a scheme is named, else the port of the listener (HTTPRequestRedirectFilter.port).
/// </param>
/// <param name="Status">301, 302, 303, 307 or 308.</param>
public sealed record Redirect(string? Scheme, string? Host, PathModifier? Path, int? Port, int Status);

/// <summary>Another host or path for the backend to see.</summary>
public sealed record UrlRewrite(string? Host, PathModifier? Path);

/// <summary>A change of the path; the query stays.</summary>
/// <param name="IsPrefix">Whether the part that the match's prefix fitted is replaced, else the whole path.</param>
public sealed record PathModifier(bool IsPrefix, string Value);

/// <summary>A backend that gets copies of requests; what it answers is dropped.</summary>
/// <param name="Millionths">The share of the requests, in millionths.</param>
public sealed record Mirror<TBackend>(TBackend Backend, int Millionths);

/// <summary>Which pages of other origins may call (WHATWG Fetch, "CORS protocol").</summary>
/// <param name="Origins"><c>*</c>, origins, or origins with <c>*</c> as the first label of their host.</param>
/// <param name="Methods">Empty where only simple requests are allowed.</param>
/// <param name="MaxAge">How long a browser may keep the answer to a preflight.</param>
public sealed record CorsPolicy(
    ImmutableArray<string> Origins,
    ImmutableArray<string> Methods,
    ImmutableArray<string> Headers,
    ImmutableArray<string> ExposeHeaders,
    TimeSpan MaxAge,
    bool Credentials);
