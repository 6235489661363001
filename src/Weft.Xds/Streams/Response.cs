using System.Collections.Immutable;

namespace Weft.Xds.Streams;

/// <summary>The one effect of the stream machines: a response to be written, in this order.</summary>
/// <param name="Version">The hash of all that the client has of the type once it has applied this.</param>
/// <param name="Nonce">Unique within the stream.</param>
/// <param name="Removed">Delta only: names that the client is to forget, or that do not exist.</param>
internal sealed record Response(
    string TypeUrl,
    string Version,
    string Nonce,
    ImmutableArray<XdsResource> Resources,
    ImmutableArray<string> Removed);
