using System.Collections.Immutable;
using Weft.Translation.Validation;

namespace Weft.Translation.Raw;

/// <summary>Finds the node that a path into a message was read from.</summary>
internal static class NodePlace
{
    /// <summary>The node at the path, or the last one on the way that exists.</summary>
    public static RawNode Find(RawNode node, ImmutableArray<PathStep> path)
    {
        foreach (var step in path)
        {
            if (Child(node, step) is not { } child)
            {
                return node;
            }

            node = child;
        }

        return node;
    }

    private static RawNode? Child(RawNode node, PathStep step) => node switch
    {
        RawMapping mapping when step.Field is { } field =>
            mapping.Find(field.Name) ?? mapping.Find(field.JsonName),
        RawMapping mapping when step.Key is { } key => mapping.Find(key),
        RawSequence list when step.Index >= 0 && step.Index < list.Items.Count => list.Items[step.Index],
        _ => null,
    };
}
