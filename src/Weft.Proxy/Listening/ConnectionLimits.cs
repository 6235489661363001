using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Weft.Proxy.Listening;

/// <summary>What one HTTP connection may ask for. A listener has one set of these for all that it accepts.</summary>
/// <param name="Idle">How long it may stay open without a request; null for ever.</param>
/// <param name="Headers">How long a request's headers may take to come; null for ever.</param>
/// <param name="HeaderCount">The most headers of a request.</param>
/// <param name="Streams">The most requests at a time over HTTP/2.</param>
/// <param name="StreamWindow">How many bytes of a request's body may come before they are read.</param>
/// <param name="ConnectionWindow">The same for all requests of a connection.</param>
/// <param name="HeaderTable">The bytes of HPACK's table.</param>
internal sealed record ConnectionLimits(
    TimeSpan? Idle, TimeSpan? Headers, int HeaderCount, int Streams, int StreamWindow,
    int ConnectionWindow, int HeaderTable)
{
    private const int Kilobyte = 1024;

    // "idle_timeout … defaults to 1 hour", "max_headers_count … the default is 100". A request's headers may take 30
    // seconds where nobody says how long: Envoy would wait as long as its stream_idle_timeout.
    public static ConnectionLimits Default { get; } = new(
        TimeSpan.FromHours(1), TimeSpan.FromSeconds(30), 100, 1000, 768 * Kilobyte, 1024 * Kilobyte, 4 * Kilobyte);

    /// <summary>Connections that are open keep what they began with.</summary>
    public void ApplyTo(KestrelServerLimits limits)
    {
        limits.KeepAliveTimeout = Bounded(Idle);
        limits.RequestHeadersTimeout = Bounded(Headers);
        limits.MaxRequestHeaderCount = HeaderCount;
        limits.Http2.MaxStreamsPerConnection = Streams;
        limits.Http2.InitialStreamWindowSize = StreamWindow;
        limits.Http2.InitialConnectionWindowSize = ConnectionWindow;
        limits.Http2.HeaderTableSize = HeaderTable;
    }

    /// <summary>Whoever asks for more than a year asks for no bound.</summary>
    private static TimeSpan Bounded(TimeSpan? span) =>
        span is { } value && value < TimeSpan.FromDays(365) ? value : Timeout.InfiniteTimeSpan;
}
