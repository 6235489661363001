using System.Collections.Immutable;
using Weft.Proxy.Routing;

namespace Weft.Proxy.Config;

/// <summary>
/// The header changes of nested levels, the innermost first, which is the order in which Envoy makes them.
/// </summary>
internal sealed record Edits(ImmutableArray<HeaderEdits> Request, ImmutableArray<HeaderEdits> Response)
{
    public static Edits None { get; } = new([], []);

    /// <summary>These with the changes of a level inside.</summary>
    public Edits Inside(HeaderEdits request, HeaderEdits response) =>
        new(request.IsNone ? Request : [request, .. Request], response.IsNone ? Response : [response, .. Response]);
}
