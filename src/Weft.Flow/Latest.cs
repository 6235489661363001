using System.Runtime.CompilerServices;

namespace Weft.Flow;

/// <summary>
/// The latest value of something, which any number of readers can follow. A slow reader skips values; it never sees
/// one twice, and it never holds the writer up. Safe for any number of threads.
/// </summary>
public sealed class Latest<T>(T initial) where T : class
{
    private volatile Version _current = new(initial);

    /// <summary>The value now. Read it once per operation.</summary>
    public T Value => _current.Value;

    /// <summary>The value now, together with the signal that it has been replaced.</summary>
    public Version Current => _current;

    /// <summary>Publishes <paramref name="value"/>, unless it is the value already.</summary>
    public void Set(T value) => Update(_ => value);

    /// <summary>Replaces the value by what <paramref name="change"/> makes of it, unless that is the same object.</summary>
    /// <remarks><paramref name="change"/> may run more than once when writers meet, so it must be pure.</remarks>
    /// <returns>The value that is published now.</returns>
    public T Update(Func<T, T> change)
    {
        while (true)
        {
            var current = _current;
            var value = change(current.Value);
            if (ReferenceEquals(value, current.Value))
            {
                return value;
            }

            if (Interlocked.CompareExchange(ref _current, new Version(value), current) == current)
            {
                current.SetReplaced();
                return value;
            }
        }
    }

    /// <summary>The value now, then each later one that the reader is in time for.</summary>
    public async IAsyncEnumerable<T> WatchAsync([EnumeratorCancellation] CancellationToken cancellation = default)
    {
        while (true)
        {
            var version = _current;
            yield return version.Value;
            await version.Replaced.WaitAsync(cancellation);
        }
    }

    /// <summary>One value of the sequence.</summary>
    public sealed class Version(T value)
    {
        // Continuations must not run on the writer's thread: publishing never waits for a reader.
        private readonly TaskCompletionSource _replaced = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>The value.</summary>
        public T Value { get; } = value;

        /// <summary>Completes when a later value has been published.</summary>
        public Task Replaced => _replaced.Task;

        internal void SetReplaced() => _replaced.SetResult();
    }
}
