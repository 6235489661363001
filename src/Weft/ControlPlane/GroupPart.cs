using System.Collections.Immutable;
using Google.Protobuf;
using Weft.Flow;
using Weft.Xds;

namespace Weft.ControlPlane;

/// <summary>What one group of nodes has for itself.</summary>
/// <param name="Sends">Whether it has all that is shared beside it.</param>
/// <param name="Names">The names that its references were looked up among (<see cref="SharedNames.Version"/>).</param>
internal sealed record GroupPart(
    WrittenPart Written, RawLayer Raw, bool Sends, object Names, ResourceSet Own, ImmutableArray<Dangling> Dangling,
    ImmutableArray<Diagnostic> Diagnostics)
{
    public static GroupPart Nothing { get; } =
        new(WrittenPart.Nothing, RawLayer.Nothing, false, SharedNames.None.Version, ResourceSet.Empty, [], []);

    /// <summary>The part of these messages: the former one where nothing has changed.</summary>
    public static GroupPart Of(ImmutableArray<IMessage> messages, GroupSurroundings around, MessageWriter writer, GroupPart? former)
    {
        var (raw, names) = (around.Raw, around.Shared.Version);
        var isSame = former is not null && former.Written.IsOf(messages) && former.Sends == around.Sends && former.Raw == raw;
        if (isSame && former!.Names == names)
        {
            return former;
        }

        var written = isSame ? former!.Written : writer.Write(messages, around.Last);
        var (resources, dangling) = Mending.Of(written.Resources, around, writer.References);
        if (isSame && dangling.IsEmpty && former!.Dangling.IsEmpty)
        {
            return former with { Names = names };
        }

        var made = ResourceSet.Create(resources, former?.Own);
        // Who has what is shared has the raw resources by it.
        var own = around.Sends || raw.Sources.IsEmpty ? made : raw.Set.With([], resources);
        return new(written, raw, around.Sends, names, own, dangling, [.. written.Diagnostics, .. raw.HiddenBy(made)]);
    }
}

/// <summary>A group as it is published.</summary>
/// <param name="Part">What it has; made at once, or when a node first asks.</param>
/// <param name="Former">What it had, for as long as nobody has asked.</param>
internal sealed record PublishedGroup(Lazy<GroupPart> Part, GroupPart? Former, ResourceGroup Group)
{
    /// <summary>What is known of it without asking.</summary>
    public GroupPart? Known => Part.IsValueCreated ? Part.Value : Former;

    /// <summary>What it has, if anybody has asked.</summary>
    public GroupPart? Made => Part.IsValueCreated ? Part.Value : null;

    public static PublishedGroup Now(GroupPart part, PublishedGroup? former) =>
        former?.Known is { } known && (known.Own, known.Sends) == (part.Own, part.Sends)
            ? former with { Part = new(part), Former = null }
            : new(new(part), null, part.Sends ? ResourceGroup.OnShared(part.Own) : ResourceGroup.Exactly(part.Own));

    public static PublishedGroup WhenAsked(GroupPart? former, Func<GroupPart> make)
    {
        var part = new Lazy<GroupPart>(make);
        return new(part, former, ResourceGroup.OnShared(() => part.Value.Own));
    }
}
