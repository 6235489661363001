using System.Collections.Concurrent;
using Grpc.Core;
using Microsoft.AspNetCore.Connections.Features;

namespace Weft.Xds.Serving;

/// <summary>
/// Ends streams that are old, and all of them, one after another, when the server is to stop: without an error, and
/// with a word to the connection (GOAWAY), so that the client opens its next stream on another one.
/// </summary>
/// <param name="dice">From 0 to 1: streams that began together do not end together.</param>
internal sealed class StreamLifetimes(OverloadSettings settings, TimeProvider time, Func<double> dice)
{
    // "A random jitter of +/-10% will be added to MaxConnectionAge to spread out connection storms" (gRPC, keepalive).
    private const double Jitter = 0.1;

    private readonly ConcurrentDictionary<Lifetime, bool> _live = [];
    private readonly TaskCompletionSource _empty = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _isDraining;

    public bool IsDraining => _isDraining;

    /// <summary>A stream begins. To be disposed of when it has ended, before the sources are.</summary>
    /// <param name="ending">Cancelled when the stream is to end, as soon as it is not writing.</param>
    /// <param name="cut">Cancelled a while later, when it is still writing.</param>
    /// <param name="ended">Told of a stream that ends by age.</param>
    /// <exception cref="RpcException">The server drains: UNAVAILABLE.</exception>
    public IAsyncDisposable Begin(
        ServerCallContext context, CancellationTokenSource ending, CancellationTokenSource cut, Action? ended = null)
    {
        if (_isDraining)
        {
            throw new RpcException(new Status(StatusCode.Unavailable, "The server is about to stop; connect to another one."));
        }

        var lifetime = new Lifetime(this, ConnectionOf(context), ending, cut, ended);
        _live[lifetime] = true;
        if (_isDraining)
        {
            // It came in between.
            lifetime.EndIn(TimeSpan.Zero);
        }
        else if (settings.MaxConnectionAge != Timeout.InfiniteTimeSpan)
        {
            lifetime.EndIn(settings.MaxConnectionAge * (1 + (Jitter * ((2 * dice()) - 1))));
        }

        return lifetime;
    }

    /// <summary>Takes no more streams, and ends those that are open at moments spread over a time.</summary>
    public async Task DrainAsync(TimeSpan over, CancellationToken cancellation)
    {
        _isDraining = true;
        foreach (var (lifetime, _) in _live)
        {
            lifetime.EndIn(over * dice());
        }

        if (!_live.IsEmpty)
        {
            // A client that does not read ends a little later, or with the process.
            await Task.WhenAny(_empty.Task, Task.Delay(over + TimeSpan.FromSeconds(1), time, cancellation));
        }
    }

    private static IConnectionLifetimeNotificationFeature? ConnectionOf(ServerCallContext context) =>
        context.GetHttpContext().Features.Get<IConnectionLifetimeNotificationFeature>();

    private void Forget(Lifetime lifetime)
    {
        _live.TryRemove(lifetime, out _);
        if (_isDraining && _live.IsEmpty)
        {
            _empty.TrySetResult();
        }
    }

    private sealed class Lifetime : IAsyncDisposable
    {
        private readonly StreamLifetimes _all;
        private readonly ITimer _alarm;

        public Lifetime(
            StreamLifetimes all,
            IConnectionLifetimeNotificationFeature? connection,
            CancellationTokenSource ending,
            CancellationTokenSource cut,
            Action? ended)
        {
            _all = all;
            _alarm = all.Time.CreateTimer(
                _ =>
                {
                    ended?.Invoke();
                    connection?.RequestClose();
                    cut.CancelAfter(all.Grace);
                    ending.Cancel();
                },
                null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }

        public void EndIn(TimeSpan time) => _alarm.Change(time, Timeout.InfiniteTimeSpan);

        // Waits for an alarm that goes off at this moment.
        public async ValueTask DisposeAsync()
        {
            await _alarm.DisposeAsync();
            _all.Forget(this);
        }
    }

    private TimeProvider Time => time;

    private TimeSpan Grace => settings.MaxConnectionAgeGrace;
}
