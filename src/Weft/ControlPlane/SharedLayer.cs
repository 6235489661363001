using Weft.Flow;
using Weft.Model;
using Weft.Translation;
using Weft.Xds;

namespace Weft.ControlPlane;

/// <summary>What all proxies share that send to services: every service as a destination.</summary>
/// <param name="Set">All of it, without the raw resources.</param>
internal sealed record SharedLayer(
    Derived<ObjectName, Destination, WrittenPart> Parts, WrittenPart Common, ResourceSet Set)
{
    public static SharedLayer Nothing { get; } =
        new(Derived<ObjectName, Destination, WrittenPart>.Empty, WrittenPart.Nothing, ResourceSet.Empty);

    public IEnumerable<Diagnostic> Diagnostics => Parts.Table.Values.Append(Common).SelectMany(p => p.Diagnostics);

    /// <param name="before">Where the last good version of a resource is found.</param>
    public SharedLayer Next(MeshTranslation translation, MessageWriter writer, ResourceSet? before)
    {
        var parts = Parts.Next(
            translation.Destinations.Table, (destination, _) => writer.Write([.. destination.Messages], before));
        var common = Common.IsOf(translation.Common) ? Common : writer.Write(translation.Common, before);
        var changes = parts.Table.Since(Parts.Table).Add(new(default, Common, common));
        return new(
            parts, common,
            Set.With(
                changes.SelectMany(c => c.Before?.Resources ?? []),
                changes.SelectMany(c => c.After?.Resources ?? [])));
    }
}
