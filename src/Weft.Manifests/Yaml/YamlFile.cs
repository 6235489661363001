using System.Collections.Immutable;
using Weft.Flow;

namespace Weft.Manifests.Yaml;

/// <summary>The documents of a file.</summary>
/// <param name="Documents">Those that could be read; documents without content (only comments) are left out.</param>
/// <param name="Stop">Why reading stopped before the end, null where it did not.</param>
internal sealed record YamlFile(ImmutableArray<YamlDocument> Documents, Diagnostic? Stop);

/// <summary>One document as a tree.</summary>
/// <param name="Findings">What is wrong with its form: aliases, tags, names that stand twice.</param>
internal sealed record YamlDocument(Node Root, ImmutableArray<Diagnostic> Findings);
