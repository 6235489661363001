using System.Collections.Immutable;
using Weft.Flow;
using Weft.Model;

namespace Weft.Manifests;

/// <summary>The kinds that are read.</summary>
public enum ManifestKind
{
    Service,
    EndpointSlice,
    Namespace,
    Secret,
    Gateway,
    HTTPRoute,
    GRPCRoute,
    ReferenceGrant,
    Workload,
    TrafficPolicy,
    Mesh,
    WasmPlugin,
}

/// <summary>What tells two objects apart.</summary>
public readonly record struct ObjectKey(ManifestKind Kind, ObjectName Name)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Kind} {Name}";
}

/// <summary>One document of a file, or one item of a <c>List</c>.</summary>
/// <param name="Key">Null where it cannot be said, or where the kind is none that is read.</param>
/// <param name="Config">
/// One of the configs of <see cref="MeshObjects"/>; null where it is in error or of a kind that is not read.
/// </param>
/// <param name="Diagnostics">Everything found about it.</param>
public sealed record ManifestDocument(
    SourcePosition Where, ObjectKey? Key, object? Config, ImmutableArray<Diagnostic> Diagnostics)
{
    /// <summary>Whether it names no object that is read, and rightly so.</summary>
    internal bool IsPassedOver => Key is null && Diagnostics.All(d => d.Severity != Severity.Error);
}

/// <summary>A file, decoded by itself.</summary>
/// <param name="Documents">In the order of the file; those without content are left out.</param>
/// <param name="Diagnostics">What concerns the whole file; each document has its own beside.</param>
/// <param name="IsComplete">Whether it was read to its end, so that what it does not name is not in it.</param>
public sealed record ManifestFile(
    string Path, ImmutableArray<ManifestDocument> Documents, ImmutableArray<Diagnostic> Diagnostics, bool IsComplete);
