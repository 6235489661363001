namespace Weft.Proxy.Forwarding;

/// <summary>
/// The bounds of one request. As in Envoy the route's timeout "starts when the entire downstream request has been
/// processed", so does that of its first try; the maximal duration starts when the request begins, and so does the time
/// within which the request must have come, which ends when the response begins.
/// </summary>
internal sealed class RequestDeadline : IDisposable
{
    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _whole;
    private readonly TimeProvider _time;
    private readonly TimeSpan? _timeout;
    private readonly TimeSpan? _maxDuration;
    private readonly TimeSpan? _perTry;
    private readonly TimeSpan? _arrival;
    private readonly long _began;
    private CancellationTokenSource? _try;
    private ITimer? _tryTimer;
    private bool _requestEnded;
    private bool _awaitsRequest;
    private bool _disposed;

    private RequestDeadline(
        TimeProvider time, TimeSpan? timeout, TimeSpan? maxDuration, TimeSpan? perTry, TimeSpan? arrival,
        bool requestEnded)
    {
        _whole = new(Bounded(Shorter(requestEnded ? timeout : arrival, maxDuration)), time);
        _time = time;
        _timeout = timeout;
        _maxDuration = maxDuration;
        _perTry = perTry;
        _arrival = arrival;
        _awaitsRequest = arrival is not null && !requestEnded;
        _requestEnded = requestEnded;
        _began = time.GetTimestamp();
    }

    /// <summary>Whether a bound of the whole request is exceeded.</summary>
    public bool IsOver => _whole.IsCancellationRequested;

    /// <summary>Whether it is over because the request did not come in time.</summary>
    public bool IsCallerLate => IsOver && _awaitsRequest && !(_arrival > _maxDuration);

    /// <summary>Whether the current try took too long.</summary>
    public bool IsTryOver => !IsOver && _try is { IsCancellationRequested: true };

    /// <summary>That of the whole request.</summary>
    public CancellationToken Whole => _whole.Token;

    /// <summary>That of the current try, which ends with the whole.</summary>
    public CancellationToken Token => _try?.Token ?? _whole.Token;

    /// <summary>Starts the clock; null where nothing is bounded.</summary>
    /// <param name="arrival">Within which the request must have come as a whole.</param>
    public static RequestDeadline? Start(
        Exchange exchange, TimeProvider time, TimeSpan? timeout, TimeSpan? maxDuration, TimeSpan? perTry,
        TimeSpan? arrival)
    {
        if (timeout is null && maxDuration is null && perTry is null && (arrival is null || !exchange.HasBody))
        {
            return null;
        }

        var hasBody = exchange.HasBody;
        var deadline = new RequestDeadline(time, timeout, maxDuration, perTry, arrival, !hasBody);
        if (hasBody)
        {
            var request = exchange.Context.Request;
            request.Body = new EndNotifyingStream(request.Body, deadline.RequestEnded);
        }

        return deadline;
    }

    /// <summary>The former try is over for good.</summary>
    public void BeginTry()
    {
        if (_perTry is null)
        {
            return;
        }

        lock (_lock)
        {
            _try?.Dispose();
            _try = CancellationTokenSource.CreateLinkedTokenSource(_whole.Token);
            ArmTry();
        }
    }

    /// <summary>From now on only the whole is bounded.</summary>
    public void ResponseBegins()
    {
        lock (_lock)
        {
            _tryTimer?.Dispose();
            _tryTimer = null;
            if (_awaitsRequest && !_disposed)
            {
                StopAwaiting();
            }
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            _tryTimer?.Dispose();
            _try?.Dispose();
            _whole.Dispose();
        }
    }

    private void ArmTry()
    {
        _tryTimer?.Dispose();
        _tryTimer = null;
        if (_try is { } source && _requestEnded && Bounded(_perTry) is var span && span != Timeout.InfiniteTimeSpan)
        {
            _tryTimer = _time.CreateTimer(_ => Expire(source), null, span, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>The timer of a former try may still fire; then its try is not the current one.</summary>
    private void Expire(CancellationTokenSource source)
    {
        lock (_lock)
        {
            if (_disposed || source != _try || _tryTimer is null)
            {
                return;
            }
        }

        try
        {
            source.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The try ended at this moment.
        }
    }

    private void RequestEnded()
    {
        lock (_lock)
        {
            if (_disposed)
            {
                // The response was complete before the request was.
                return;
            }

            _requestEnded = true;
            StopAwaiting();
            _whole.CancelAfter(Bounded(Shorter(_timeout, Left)));
            ArmTry();
        }
    }

    /// <summary>Too late where it is over already: that stays the reason.</summary>
    private void StopAwaiting()
    {
        if (_awaitsRequest && !IsOver)
        {
            _awaitsRequest = false;
            _whole.CancelAfter(Bounded(Left));
        }
    }

    private TimeSpan? Left => _maxDuration - _time.GetElapsedTime(_began) is { } left
        ? left < TimeSpan.Zero ? TimeSpan.Zero : left
        : null;

    private static TimeSpan? Shorter(TimeSpan? a, TimeSpan? b) => a is null || b < a ? b ?? a : a;

    /// <summary>A timer cannot run longer than 49 days; whoever asks for more asks for none.</summary>
    private static TimeSpan Bounded(TimeSpan? span) =>
        span is { } value && value.TotalMilliseconds < uint.MaxValue - 1 ? value : Timeout.InfiniteTimeSpan;
}
