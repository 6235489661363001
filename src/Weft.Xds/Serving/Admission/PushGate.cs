using System.Threading.Tasks.Sources;

namespace Weft.Xds.Serving;

/// <summary>
/// Lets so many streams at once compute and serialise what their clients lack; the others wait in order. Whoever has a
/// turn does not wait for anything before giving it back, so turns always come, and a client that does not read has
/// none while it does not. To take, wait and give back allocates nothing.
/// </summary>
/// <remarks>
/// A publication wakes all streams. Without the gate each of thousands is at once in the queue of the thread pool, and
/// a health check, an admin page or a new client comes after them all. Here they are in the gate's own queue.
/// </remarks>
internal sealed class PushGate(int most)
{
    private readonly Lock _lock = new();
    private int _free = most;
    private Turn? _first;
    private Turn? _last;
    private int _waiting;

    /// <summary>How many streams wait.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    /// <summary>The turns of one stream, which has one at a time.</summary>
    internal sealed class Turn(PushGate gate) : IValueTaskSource, IThreadPoolWorkItem
    {
        private ManualResetValueTaskSourceCore<bool> _core;
        private Turn? _next;
        private bool _has;

        /// <summary>Waits for a turn; goes on at once where the stream has one already.</summary>
        public ValueTask TakeAsync()
        {
            if (_has)
            {
                return ValueTask.CompletedTask;
            }

            _has = true;
            lock (gate._lock)
            {
                if (gate._free > 0)
                {
                    gate._free--;
                    return ValueTask.CompletedTask;
                }

                _core.Reset();
                gate._waiting++;
                if (gate._last is { } last)
                {
                    last._next = this;
                }
                else
                {
                    gate._first = this;
                }

                gate._last = this;
                return new(this, _core.Version);
            }
        }

        /// <summary>Gives the turn to who has waited longest. Does nothing where the stream has none.</summary>
        public void GiveBack()
        {
            if (!_has)
            {
                return;
            }

            _has = false;
            Turn? next;
            lock (gate._lock)
            {
                next = gate._first;
                if (next is null)
                {
                    gate._free++;
                    return;
                }

                gate._waiting--;
                (gate._first, next._next) = (next._next, null);
                gate._last = gate._first is null ? null : gate._last;
            }

            // Behind all that waits for a thread already: the pool's own way would be in front of it.
            ThreadPool.UnsafeQueueUserWorkItem(next, preferLocal: false);
        }

        void IThreadPoolWorkItem.Execute() => _core.SetResult(true);

        void IValueTaskSource.GetResult(short token) => _core.GetResult(token);

        ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _core.GetStatus(token);

        void IValueTaskSource.OnCompleted(
            Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
            _core.OnCompleted(continuation, state, token, flags);
    }
}
