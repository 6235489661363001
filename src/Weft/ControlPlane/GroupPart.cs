using System.Collections.Immutable;
using Google.Protobuf;
using Weft.Flow;
using Weft.Xds;

namespace Weft.ControlPlane;

/// <summary>What one group of nodes has for itself.</summary>
/// <param name="Sends">Whether it has all that is shared beside it.</param>
internal sealed record GroupPart(WrittenPart Written, RawLayer Raw, bool Sends, ResourceSet Own, ImmutableArray<Diagnostic> Diagnostics)
{
    public static GroupPart Nothing { get; } = new(WrittenPart.Nothing, new([], ResourceSet.Empty), false, ResourceSet.Empty, []);

    /// <summary>The part of these messages: the former one where nothing has changed.</summary>
    /// <param name="before">Where the last good version of a resource is found.</param>
    public static GroupPart Of(
        ImmutableArray<IMessage> messages, bool sends, RawLayer raw, MessageWriter writer, GroupPart? former, ResourceSet? before)
    {
        if (former is not null && former.Written.IsOf(messages) && former.Sends == sends && former.Raw == raw)
        {
            return former;
        }

        var written = writer.Write(messages, before);
        var made = ResourceSet.Create(written.Resources, former?.Own);
        // Who has what is shared has the raw resources by it.
        var own = sends || raw.Sources.IsEmpty ? made : raw.Set.With([], written.Resources);
        return new(written, raw, sends, own, [.. written.Diagnostics, .. raw.HiddenBy(made)]);
    }
}

/// <summary>A group as it is published.</summary>
/// <param name="Part">What it has; made at once, or when a node first asks.</param>
/// <param name="Former">What it had, for as long as nobody has asked.</param>
internal sealed record PublishedGroup(Lazy<GroupPart> Part, GroupPart? Former, ResourceGroup Group)
{
    /// <summary>What is known of it without asking.</summary>
    public GroupPart? Known => Part.IsValueCreated ? Part.Value : Former;

    public ImmutableArray<Diagnostic> Diagnostics => Part.IsValueCreated ? Part.Value.Diagnostics : [];

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
