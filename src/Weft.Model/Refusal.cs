using Weft.Flow;

namespace Weft.Model;

/// <summary>
/// Why a part of an object, right in itself, has no effect here: it asks for what Weft does not do. To pass it over in
/// silence would change what the rest means.
/// </summary>
/// <param name="Condition">The condition that tells of it, such as <c>Accepted</c>.</param>
/// <param name="Reason">One of the words that the Gateway API defines for the condition.</param>
public sealed record Refusal(string Condition, string Reason, string Message, string Fix, SourcePosition Where);
