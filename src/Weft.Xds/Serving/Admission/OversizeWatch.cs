using Microsoft.Extensions.Logging;
using Weft.Xds.Streams;

namespace Weft.Xds.Serving;

/// <summary>
/// Tells of responses that clients with gRPC's usual limit refuse: a whole that cannot be split, for absence means
/// deletion, or a single resource. Logged once for each type of a stream, counted every time.
/// </summary>
internal sealed partial class OversizeWatch(OverloadMetrics metrics, ILogger logger, Func<string> node, string peer)
{
    /// <summary>What gRPC clients take unless told otherwise (grpc/grpc-go#5790). Envoy has no such limit.</summary>
    public const int UsualLimit = 4 * 1024 * 1024;

    private HashSet<string>? _told;

    /// <summary>Looks at a response that goes out.</summary>
    public void Look(Response response)
    {
        long bytes = 0;
        foreach (var resource in response.Resources)
        {
            bytes += resource.Size;
        }

        if (bytes > UsualLimit)
        {
            Tell(response, bytes);
        }
    }

    private void Tell(Response response, long bytes)
    {
        metrics.Oversized(response.TypeUrl);
        if ((_told ??= new(StringComparer.Ordinal)).Add(response.TypeUrl))
        {
            var (type, count) = (TypeUrl.ShortName(response.TypeUrl), response.Resources.Length);
            Log.Oversized(logger, type, node(), peer, bytes, count, count == 1
                ? "make the resource smaller"
                : "let it ask by delta, which is sent in parts");
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            Level = LogLevel.Warning,
            Message = "A response of {Type} to {Node} at {Peer} has {Bytes} bytes in {Resources} resources. A gRPC client "
                + "refuses more than 4194304 (Envoy does not): raise the client's limit for messages, or {Fix}.")]
        public static partial void Oversized(
            ILogger logger, string type, string node, string peer, long bytes, int resources, string fix);
    }
}
