using System.Collections.Immutable;
using Google.Protobuf;
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

    /// <summary>What its parts name outside of themselves.</summary>
    public IEnumerable<(XdsResource From, Reference To)> Outward => Parts.Table.Values.Append(Common).SelectMany(p => p.Outward);

    /// <param name="before">Where the last good version of a resource is found.</param>
    public SharedLayer Next(MeshTranslation translation, MessageWriter writer, ResourceSet? before)
    {
        var parts = Parts.Next(
            translation.Destinations.Table, (destination, _) => Written([.. destination.Messages], writer, before));
        var common = Common.IsOf(translation.Common) ? Common : Written(translation.Common, writer, before);
        var changes = parts.Table.Since(Parts.Table).Add(new(default, Common, common));
        return new(
            parts, common,
            Set.With(
                changes.SelectMany(c => c.Before?.Resources ?? []),
                changes.SelectMany(c => c.After?.Resources ?? [])));
    }

    private static WrittenPart Written(ImmutableArray<IMessage> messages, MessageWriter writer, ResourceSet? before)
    {
        var part = writer.Write(messages, before);
        return part with
        {
            Outward = [.. part.Resources.SelectMany(from => writer.References.Of(from)
                .Where(to => !part.Resources.Any(r => (r.TypeUrl, r.Name) == (to.TypeUrl, to.Name)))
                .Select(to => (from, to)))],
        };
    }
}
