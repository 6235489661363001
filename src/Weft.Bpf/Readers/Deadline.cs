using System.Diagnostics;

namespace Weft.Bpf;

/// <summary>When a wait that begins now is over.</summary>
/// <param name="timeout">How long it lasts; below zero without end.</param>
internal readonly struct Deadline(TimeSpan timeout)
{
    private readonly long _start = Stopwatch.GetTimestamp();

    /// <summary>What is left, as <c>epoll_wait</c> takes it: rounded up, for a part of a millisecond is not none.</summary>
    public int Milliseconds => timeout < TimeSpan.Zero
        ? -1
        : (int)Math.Clamp(Math.Ceiling((timeout - Stopwatch.GetElapsedTime(_start)).TotalMilliseconds), 0, int.MaxValue);
}
