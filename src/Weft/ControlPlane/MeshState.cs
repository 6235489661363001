using System.Collections.Immutable;
using Weft.Flow;
using Weft.Model;

namespace Weft.ControlPlane;

/// <summary>The mesh in force with all that is wrong with what it was made of.</summary>
/// <param name="Status">What became of each route, gateway and policy.</param>
/// <param name="Loaded">Whether every source has been read completely at least once.</param>
internal sealed record MeshState(
    MeshSnapshot Mesh, ImmutableArray<Diagnostic> Diagnostics, ImmutableArray<ObjectStatus> Status, bool Loaded)
{
    public static MeshState NotLoaded { get; } = new(MeshSnapshot.Empty, [], [], false);

    /// <summary>What it was made of.</summary>
    public MeshObjects Written { get; init; } = MeshObjects.Empty;

    /// <summary>When the files were read that it was made of.</summary>
    public TimeSlice Read { get; init; }

    /// <summary>When it was made of them.</summary>
    public TimeSlice Composed { get; init; }
}
