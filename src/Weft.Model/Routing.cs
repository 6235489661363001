using System.Collections.Immutable;

namespace Weft.Model;

/// <summary>How a path is compared.</summary>
public enum PathMatchKind
{
    /// <summary>The whole path, byte by byte.</summary>
    Exact,

    /// <summary>Whole segments from the start: <c>/a</c> fits <c>/a</c> and <c>/a/b</c>, not <c>/ab</c>.</summary>
    Prefix,
}

/// <summary>A condition on the request's path, without its query.</summary>
public sealed record PathMatch(PathMatchKind Kind, string Value)
{
    /// <summary>Fits every path.</summary>
    public static PathMatch Any { get; } = new(PathMatchKind.Prefix, "/");
}

/// <summary>A condition on a header: present with exactly this value. Names are compared without case.</summary>
public sealed record HeaderMatch(string Name, string Value);

/// <summary>Conditions that must all hold.</summary>
public sealed record RouteMatch(PathMatch Path, ImmutableArray<HeaderMatch> Headers)
{
    /// <summary>Fits every request.</summary>
    public static RouteMatch Any { get; } = new(PathMatch.Any, []);
}

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

/// <summary>A header.</summary>
public sealed record HeaderValue(string Name, string Value);

/// <summary>One match of one rule, ready to be tried in order: the first that fits decides.</summary>
/// <param name="Name">Where it comes from: <c>namespace/route/rule/match</c>, counted from 0.</param>
/// <param name="Backends">
/// Never empty; a backend that does not exist is kept and marked, so that its share fails alone.
/// </param>
/// <param name="Timeout">The bound on the whole request; null for none.</param>
/// <param name="BackendTimeout">The bound on one try; null for none.</param>
public sealed record Route(
    string Name,
    RouteMatch Match,
    HeaderModifier RequestHeaders,
    ImmutableArray<Backend> Backends,
    TimeSpan? Timeout,
    TimeSpan? BackendTimeout);

/// <summary>A weighted destination.</summary>
/// <param name="Exists">Whether the snapshot has this port of this service.</param>
public sealed record Backend(ObjectName Service, int Port, int Weight, bool Exists);
