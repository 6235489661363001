namespace Weft.Xds.Streams;

/// <summary>What bounds a stream's machine.</summary>
/// <param name="MaxResponseBytes">How many bytes of resources one response may hold where it can be split.</param>
/// <param name="Patience">
/// How long each step waits for the client; null on a stream of one type, where nothing waits for another.
/// </param>
internal sealed record StreamLimits(int MaxResponseBytes, Patience? Patience)
{
    /// <summary>How many types a client may ask for on one stream; Envoy knows about a dozen.</summary>
    public const int MaxTypes = 64;

    /// <summary>How many names a client may ask for on one stream, of all types.</summary>
    public const int MaxNames = 200_000;

    /// <summary>How many characters these names may have together.</summary>
    public const int MaxNameCharacters = 32 * 1024 * 1024;

    /// <summary>How long a client's text on a rejection may be that is kept and logged.</summary>
    public const int MaxErrorText = 4096;

    // gRPC clients refuse messages over 4 MiB unless told otherwise (grpc/grpc-go#5790).
    public static StreamLimits Default { get; } = Of(new());

    public static StreamLimits Of(XdsServerSettings settings) => new(settings.MaxResponseBytes, Patience.Of(settings));
}
