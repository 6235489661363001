using System.Collections.Immutable;
using Weft.Flow;
using Weft.Model;

namespace Weft.Manifests.Decoding;

/// <summary>What every object has: its name and its labels.</summary>
/// <param name="Name">Null where it is missing or wrong.</param>
internal sealed record Head(ObjectName? Name, ImmutableSortedDictionary<string, string> Labels, SourcePosition Where)
{
    public static Head Of(FieldReader document, bool isLabel)
    {
        if (document.Map("metadata") is not { } metadata)
        {
            if (document.Find("metadata") is null)
            {
                document.Missing("metadata");
            }

            return new(null, ImmutableSortedDictionary<string, string>.Empty, document.Where);
        }

        if (metadata.Find("name") is null)
        {
            metadata.Missing("name");
        }

        var name = isLabel ? metadata.Label("name") : metadata.Subdomain("name");
        var hasNamespace = metadata.Find("namespace") is not null;
        var @namespace = hasNamespace ? metadata.Label("namespace") : ObjectName.DefaultNamespace;
        metadata.Ignore(
            "annotations", "creationTimestamp", "deletionGracePeriodSeconds", "deletionTimestamp", "finalizers",
            "generateName", "generation", "managedFields", "ownerReferences", "resourceVersion", "selfLink", "uid");
        var labels = metadata.Labels("labels");
        metadata.Close();
        return new(name is null || @namespace is null ? null : new(@namespace, name), labels, document.Where);
    }
}
