using System.Collections.Immutable;

namespace Weft.Model;

/// <summary>What became of an object, as the Gateway API reports it in <c>status</c>.</summary>
/// <param name="Part">The parent of a route, the listener of a gateway; empty for the object itself.</param>
public sealed record ObjectStatus(string Kind, ObjectName Name, string Part, ImmutableArray<Condition> Conditions)
{
    /// <summary>One line for people.</summary>
    public override string ToString()
    {
        var conditions = Conditions.Select(c => c.Holds ? c.Type : $"not {c.Type} ({c.Reason})");
        return $"{Kind} {Name}{(Part.Length == 0 ? "" : $" at {Part}")}: {string.Join(", ", conditions)}";
    }
}

/// <summary>A condition of Kubernetes.</summary>
/// <param name="Type"><c>Accepted</c>, <c>ResolvedRefs</c> or <c>PartiallyInvalid</c>.</param>
/// <param name="Reason">One of the words that the Gateway API defines for the type.</param>
/// <param name="Message">For people; empty where all is well.</param>
public sealed record Condition(string Type, bool Holds, string Reason, string Message);
