using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Google.Protobuf;
using Weft.Flow;
using Weft.Translation;
using Weft.Translation.Validation;
using Weft.Xds;

namespace Weft.ControlPlane;

/// <summary>Some messages as resources.</summary>
/// <param name="Messages">What they were made of.</param>
/// <param name="Resources">Those that may be sent.</param>
internal sealed record WrittenPart(
    ImmutableArray<IMessage> Messages, ImmutableArray<XdsResource> Resources, ImmutableArray<Diagnostic> Diagnostics)
{
    public static WrittenPart Nothing { get; } = new([], [], []);

    /// <summary>What the resources name that is none of them; told only of what all proxies share.</summary>
    public ImmutableArray<(XdsResource From, Reference To)> Outward { get; init; } = [];

    public bool IsOf(ImmutableArray<IMessage> messages) =>
        Messages == messages || Messages.AsSpan().SequenceEqual(messages.AsSpan(), ReferenceEqualityComparer.Instance);
}

/// <summary>Makes resources of messages. A message is checked and serialised once, however many groups share it.</summary>
internal sealed class MessageWriter
{
    private readonly ConditionalWeakTable<IMessage, Written> _written = [];

    /// <summary>What the resources name.</summary>
    public ReferenceBook References { get; } = new();

    private sealed record Written(XdsResource Resource, ImmutableArray<Violation> Violations);

    /// <param name="before">Where the last good version of a resource is found.</param>
    public WrittenPart Write(ImmutableArray<IMessage> messages, ResourceSet? before)
    {
        var resources = ImmutableArray.CreateBuilder<XdsResource>(messages.Length);
        var diagnostics = ImmutableArray.CreateBuilder<Diagnostic>();
        foreach (var message in messages)
        {
            var written = Of(message, before);
            // What breaks Envoy's own rules is not sent: the last good version of that resource stays.
            if (!written.Violations.IsEmpty)
            {
                diagnostics.Add(Refused(written));
            }

            if ((written.Violations.IsEmpty ? written.Resource : LastGood(written.Resource, before)) is { } resource)
            {
                resources.Add(resource);
            }
        }

        return new(messages, resources.ToImmutable(), diagnostics.ToImmutable());
    }

    private Written Of(IMessage message, ResourceSet? before)
    {
        if (!_written.TryGetValue(message, out var written))
        {
            var resource = XdsResource.Create(message);
            // What is published already has kept the rules; to ask again is most of the work of a small change.
            References.Note(resource, message);
            written = new(resource, LastGood(resource, before)?.Hash == resource.Hash ? [] : EnvoyRules.Check(message));
            _written.AddOrUpdate(message, written);
        }

        return written;
    }

    private static XdsResource? LastGood(XdsResource resource, ResourceSet? before) =>
        before is not null && before.Of(resource.TypeUrl).TryGet(resource.Name, out var good) ? good : null;

    private static Diagnostic Refused(Written written) => Diagnostic.Error(
        "WEFT4002", null,
        $"The {TypeUrl.ShortName(written.Resource.TypeUrl)} resource '{written.Resource.Name}' made of the manifests breaks a rule "
        + $"of Envoy's API and is not sent: {string.Join("; ", written.Violations)}.",
        "change the manifest that it comes from; the last good version stays in force");
}
