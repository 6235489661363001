using System.Collections.Immutable;
using System.Globalization;

namespace Weft.Xds.Streams;

/// <summary>The one effect of the stream machines: a response to be written, in this order.</summary>
/// <param name="Version">The hash of all that the client has of the type once it has applied this.</param>
/// <param name="Number">Unique within the stream, and growing.</param>
/// <param name="Removed">Delta only: names that the client is to forget, or that do not exist.</param>
internal readonly record struct Response(
    string TypeUrl,
    string Version,
    long Number,
    ImmutableArray<XdsResource> Resources,
    ImmutableArray<string> Removed)
{
    /// <summary>Its number, as the client repeats it.</summary>
    public string Nonce => Number.ToString(CultureInfo.InvariantCulture);

    /// <summary>What it says of times to live.</summary>
    public Lifetimes Lifetimes { get; init; }

    /// <summary>What the client asked for by name and cannot have, other than what is removed.</summary>
    public ImmutableArray<ResourceError> Errors { get; init; } = [];
}

/// <summary>What a response says of its resources' times to live.</summary>
internal enum Lifetimes
{
    /// <summary>Nothing: the client does not know of such.</summary>
    Unsaid,

    /// <summary>Each resource that has one comes with it.</summary>
    Said,

    /// <summary>Nothing but them, a heartbeat: "a response can be sent that provides a Resource with the resource unset".</summary>
    Renewed,
}
