using System.Collections.Immutable;
using System.Globalization;
using Weft.Flow;
using Weft.Manifests.Yaml;
using Weft.Model;

namespace Weft.Manifests.Decoding;

/// <summary>What every object has: its name and its labels.</summary>
/// <param name="Name">Null where it is missing or wrong.</param>
/// <param name="Created">When Kubernetes made it; null where it does not say.</param>
internal sealed record Head(
    ObjectName? Name, ImmutableSortedDictionary<string, string> Labels, DateTimeOffset? Created, SourcePosition Where)
{
    /// <summary>No labels at all.</summary>
    public static ImmutableSortedDictionary<string, string> NoLabels { get; } =
        ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    public static Head Of(FieldReader document, bool isLabel)
    {
        if (document.Map("metadata") is not { } metadata)
        {
            if (document.Find("metadata") is null)
            {
                document.Missing("metadata");
            }

            return new(null, NoLabels, null, document.Where);
        }

        if (metadata.Find("name") is null)
        {
            metadata.Missing("name");
        }

        var name = isLabel ? metadata.Label("name") : metadata.Subdomain("name");
        var hasNamespace = metadata.Find("namespace") is not null;
        var @namespace = hasNamespace ? metadata.Label("namespace") : ObjectName.DefaultNamespace;
        metadata.Ignore(
            "annotations", "deletionGracePeriodSeconds", "deletionTimestamp", "finalizers",
            "generateName", "generation", "managedFields", "ownerReferences", "resourceVersion", "selfLink", "uid");
        var labels = metadata.Labels("labels");
        // Written by the API server; where it is anything else it only fails to decide between equals.
        var created = metadata.Find("creationTimestamp") is ScalarNode time
            && DateTimeOffset.TryParse(time.Text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)
                ? at : (DateTimeOffset?)null;
        metadata.Close();
        return new(name is null || @namespace is null ? null : new(@namespace, name), labels, created, document.Where);
    }
}
