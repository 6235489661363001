using Microsoft.AspNetCore.Http.Features;
using Weft.Proxy.Forwarding;
using Weft.Proxy.Stats;

namespace Weft.Proxy.AccessLogs;

/// <summary>Counts what passes of one request, and takes its time.</summary>
internal sealed class RequestWatch
{
    private readonly Exchange _exchange;
    private readonly TimeProvider _time;
    private readonly DateTimeOffset _began;
    private readonly long _start;
    private readonly Counter _received = new();
    private readonly Counter _sent = new();

    private RequestWatch(Exchange exchange, TimeProvider time)
    {
        _exchange = exchange;
        _time = time;
        _began = time.GetUtcNow();
        _start = time.GetTimestamp();
        var context = exchange.Context;
        context.Request.Body = new CountingStream(context.Request.Body, _received);
        var response = context.Features.GetRequiredFeature<IHttpResponseBodyFeature>();
        context.Features.Set<IHttpResponseBodyFeature>(new CountedResponse(response, new(response.Stream, _sent)));
    }

    public static RequestWatch Begin(Exchange exchange, TimeProvider time) => new(exchange, time);

    /// <summary>What is known of the request at its end.</summary>
    public RequestRecord End() =>
        new(_exchange, _began, _time.GetElapsedTime(_start), _received.Value, _sent.Value);
}
