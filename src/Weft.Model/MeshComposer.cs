using System.Collections.Immutable;
using Weft.Flow;

namespace Weft.Model;

/// <summary>
/// Makes one mesh of what the users wrote: workloads and slices become endpoints of services, routes attach to the
/// services they name. Pure; what does not fit together is reported and the rest stands.
/// </summary>
public static class MeshComposer
{
    /// <summary>The mesh that <paramref name="objects"/> describe, what is wrong with it, and what became of each object.</summary>
    /// <param name="former">
    /// What was composed before, if anything. The result is the same without it; with it, only what depends on something
    /// that changed is made again, and every part of the mesh that came out as it was is the object that it was.
    /// </param>
    public static MeshComposition Compose(MeshObjects objects, MeshComposition? former = null)
    {
        var stages = CompositionStages.Next(objects, former?.Stages);
        return former is not null && stages.Mesh == former.Stages.Mesh && stages.Said == former.Stages.Said
            ? former
            : new(stages);
    }
}

/// <summary>What became of the objects.</summary>
public sealed class MeshComposition
{
    internal MeshComposition(CompositionStages stages) => Stages = stages;

    /// <summary>The mesh.</summary>
    public MeshSnapshot Snapshot => Stages.Mesh.Output;

    /// <summary>What is wrong with it.</summary>
    public ImmutableArray<Diagnostic> Diagnostics => Stages.Said.Output.Diagnostics;

    /// <summary>The conditions of gateways, routes and policies.</summary>
    public ImmutableArray<ObjectStatus> Status => Stages.Said.Output.Status;

    internal CompositionStages Stages { get; }

    /// <summary>Takes it apart.</summary>
    public void Deconstruct(
        out MeshSnapshot snapshot, out ImmutableArray<Diagnostic> diagnostics, out ImmutableArray<ObjectStatus> status) =>
        (snapshot, diagnostics, status) = (Snapshot, Diagnostics, Status);
}
