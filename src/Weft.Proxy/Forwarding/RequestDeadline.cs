using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Weft.Proxy.Forwarding;

/// <summary>
/// The bounds of one request. As in Envoy the route's timeout "starts when the entire downstream request has been
/// processed", the maximal duration when it begins.
/// </summary>
internal sealed class RequestDeadline : IDisposable
{
    private readonly CancellationTokenSource _source;
    private readonly TimeProvider _time;
    private readonly TimeSpan? _timeout;
    private readonly TimeSpan? _maxDuration;
    private readonly long _began;

    private RequestDeadline(TimeProvider time, TimeSpan? timeout, TimeSpan? maxDuration, TimeSpan first)
    {
        _source = new(first, time);
        _time = time;
        _timeout = timeout;
        _maxDuration = maxDuration;
        _began = time.GetTimestamp();
    }

    /// <summary>Whether a bound is exceeded.</summary>
    public bool IsOver => _source.IsCancellationRequested;

    public CancellationToken Token => _source.Token;

    /// <summary>Starts the clock; null where nothing is bounded.</summary>
    public static RequestDeadline? Start(HttpContext context, TimeProvider time, TimeSpan? timeout, TimeSpan? maxDuration)
    {
        if (timeout is null && maxDuration is null)
        {
            return null;
        }

        var hasBody = context.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody ?? true;
        var first = hasBody ? maxDuration : Shorter(timeout, maxDuration);
        var deadline = new RequestDeadline(time, timeout, maxDuration, Bounded(first));
        if (hasBody && timeout is not null)
        {
            context.Request.Body = new EndNotifyingStream(context.Request.Body, deadline.RequestEnded);
        }

        return deadline;
    }

    public void Dispose() => _source.Dispose();

    private void RequestEnded()
    {
        var left = _maxDuration - _time.GetElapsedTime(_began);
        try
        {
            _source.CancelAfter(Bounded(Shorter(_timeout, left < TimeSpan.Zero ? TimeSpan.Zero : left)));
        }
        catch (ObjectDisposedException)
        {
            // The response was complete before the request was.
        }
    }

    private static TimeSpan? Shorter(TimeSpan? a, TimeSpan? b) => a is null || b < a ? b ?? a : a;

    /// <summary>A timer cannot run longer than 49 days; whoever asks for more asks for none.</summary>
    private static TimeSpan Bounded(TimeSpan? span) =>
        span is { } value && value.TotalMilliseconds < uint.MaxValue - 1 ? value : Timeout.InfiniteTimeSpan;
}
