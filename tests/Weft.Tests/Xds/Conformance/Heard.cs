using System.Collections.Immutable;
using Google.Protobuf;

namespace Weft.Tests.Xds.Conformance;

/// <summary>A response as a test sees it, of either protocol.</summary>
/// <param name="Type">The short name of its type.</param>
/// <param name="Version">That of the response.</param>
/// <param name="Resources">What it holds, in the order of names.</param>
/// <param name="Removed">Delta: the names that it takes away, in their order.</param>
/// <param name="Errors">The names that cannot be had, each with the code that says why: <c>a!5</c>.</param>
internal sealed record Heard(
    string Type,
    string Nonce,
    string Version,
    ImmutableArray<Heard.Resource> Resources,
    ImmutableArray<string> Removed,
    ImmutableArray<string> Errors)
{
    /// <param name="Label">Its name and the version that the test gave it: <c>a@1</c>.</param>
    /// <param name="Version">Delta: the version on the wire.</param>
    internal sealed record Resource(string Label, string Version, ByteString Body);

    /// <summary><c>eds a@1 b@2 -z y!5</c>: the type, what is there, what is gone, what cannot be had.</summary>
    public override string ToString() =>
        string.Join(' ', [Type, .. Resources.Select(r => r.Label), .. Removed.Select(n => $"-{n}"), .. Errors]);
}
