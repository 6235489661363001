using System.Collections.Concurrent;
using Google.Protobuf.Reflection;

namespace Weft.Translation.Validation;

/// <summary>Tells which types lead to rules at all; the walk leaves the others out.</summary>
internal static class RuleReach
{
    private static readonly ConcurrentDictionary<MessageDescriptor, bool> Known = new();

    /// <summary>
    /// Whether the type, or one that its fields lead to, has a rule or is an Any (which may hold one that has).
    /// </summary>
    public static bool Reaches(MessageDescriptor type)
    {
        if (Known.TryGetValue(type, out var reaches))
        {
            return reaches;
        }

        // Types may contain each other in circles: look at everything reachable, each type once.
        var seen = new HashSet<MessageDescriptor> { type };
        var waiting = new Stack<MessageDescriptor>(seen);
        while (!reaches && waiting.TryPop(out var next))
        {
            reaches = HasRules(next) || (Known.TryGetValue(next, out var known) && known);
            foreach (var field in next.Fields.InDeclarationOrder())
            {
                if (field.FieldType == FieldType.Message && seen.Add(field.MessageType))
                {
                    waiting.Push(field.MessageType);
                }
            }
        }

        return Known.GetOrAdd(type, reaches);
    }

    private static bool HasRules(MessageDescriptor type) =>
        type.FullName == "google.protobuf.Any"
        || (!TypeRules.IsDisabled(type)
            && (type.Oneofs.Any(TypeRules.IsRequired)
                || type.Fields.InDeclarationOrder().Any(field => TypeRules.RulesOf(field) is not null)));
}
