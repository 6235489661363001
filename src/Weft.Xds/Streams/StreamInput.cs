using System.Collections.Immutable;

namespace Weft.Xds.Streams;

/// <summary>What can happen to a stream. A closed set.</summary>
internal abstract record StreamInput
{
    private StreamInput()
    {
    }

    /// <summary>A set was published for the stream's group.</summary>
    public sealed record Published(ResourceSet Set) : StreamInput;

    /// <summary>Time went by: <c>WakeAt</c> of the machine has been reached.</summary>
    public sealed record Elapsed : StreamInput;

    /// <summary>A <c>DiscoveryRequest</c> arrived.</summary>
    /// <param name="Error">The text of <c>error_detail</c>; null where the request has none.</param>
    /// <param name="HadVersion">Whether the request names a version; a stream's first one names one of an earlier stream.</param>
    public sealed record SotwRequest(
        string TypeUrl, string Nonce, IReadOnlyCollection<string> Names, string? Error = null, bool HadVersion = false) : StreamInput;

    /// <summary>A <c>DeltaDiscoveryRequest</c> arrived.</summary>
    /// <param name="InitialVersions">What the client has from an earlier stream: name → version.</param>
    /// <param name="Error">The text of <c>error_detail</c>; null where the request has none.</param>
    public sealed record DeltaRequest(
        string TypeUrl,
        string Nonce,
        IReadOnlyCollection<string> Subscribe,
        IReadOnlyCollection<string> Unsubscribe,
        IReadOnlyDictionary<string, string> InitialVersions,
        string? Error = null) : StreamInput
    {
        public static readonly IReadOnlyDictionary<string, string> NoVersions = ImmutableDictionary<string, string>.Empty;
    }
}
