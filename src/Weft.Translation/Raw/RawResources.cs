using System.Collections.Immutable;
using Google.Protobuf;
using Weft.Flow;

namespace Weft.Translation.Raw;

/// <summary>One Envoy resource that a file gives as it is.</summary>
/// <param name="TypeUrl">The type as xDS asks for it: <c>type.googleapis.com/…</c>.</param>
/// <param name="Name">The resource's name in xDS.</param>
/// <param name="Body">The serialised message. Maps are sorted by key: the same text gives the same bytes.</param>
/// <param name="Message">The message, or null for a type that this program's API does not know.</param>
/// <param name="Where">The start of the resource.</param>
public sealed record RawResource(
    string TypeUrl, string Name, ByteString Body, IMessage? Message, SourcePosition Where)
{
    /// <summary>
    /// How long a client keeps it that hears no more of it, from 100 milliseconds to 100 days; null for good.
    /// </summary>
    public TimeSpan? TimeToLive { get; init; }
}

/// <summary>A resource that was left out because of its mistakes.</summary>
/// <param name="TypeUrl">Its type, where that could be read.</param>
/// <param name="Name">Its name, where that could be read.</param>
/// <param name="Where">The start of the resource.</param>
public sealed record RefusedResource(string? TypeUrl, string? Name, SourcePosition Where)
{
    /// <summary>Whether this may be the resource of that type and name, as far as could be read.</summary>
    public bool MayBe(RawResource other) =>
        (TypeUrl is null || TypeUrl == other.TypeUrl) && (Name is null || Name == other.Name);
}

/// <summary>What one file of raw resources says.</summary>
/// <param name="Resources">The resources without mistakes, in the order of the file.</param>
/// <param name="Diagnostics">Every mistake of the file.</param>
/// <param name="VersionLabel">The file's <c>version_info</c>: a label for people, it decides nothing.</param>
/// <param name="Parsed">False when the file is empty, half written or no YAML: it then says nothing.</param>
public sealed record RawResources(
    ImmutableArray<RawResource> Resources,
    ImmutableArray<Diagnostic> Diagnostics,
    string? VersionLabel,
    bool Parsed)
{
    /// <summary>The resources that were left out, each with an error among <see cref="Diagnostics"/>.</summary>
    public ImmutableArray<RefusedResource> Refused { get; init; } = [];
}
