using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace Weft.Xds;

/// <summary>A resource's time to live. Immutable.</summary>
internal sealed class Lifetime
{
    /// <summary>What a time to live adds to a resource's bytes in a response, at the most: the time, and a wrapper.</summary>
    public const int MostBytes = 160;

    // What is told each third of so little keeps a server busy; a third of so much is still less than timers can wait.
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Longest = TimeSpan.FromDays(100);

    private Lifetime(TimeSpan span)
    {
        Span = span;
        Duration = Google.Protobuf.WellKnownTypes.Duration.FromTimeSpan(span);
        Bytes = Duration.ToByteArray();
    }

    public TimeSpan Span { get; }

    /// <summary>The message. Nobody may change it.</summary>
    public Duration Duration { get; }

    /// <summary>The message's bytes.</summary>
    public byte[] Bytes { get; }

    /// <summary>How often a client is told. A third: two heartbeats may be late or lost before the time runs out.</summary>
    public TimeSpan Heartbeat => Span / 3;

    public static Lifetime Of(TimeSpan span) => span >= Shortest && span <= Longest
        ? new(span)
        : throw new ArgumentOutOfRangeException(
            nameof(span), span, "A time to live is from 100 milliseconds to 100 days; null stands for none.");
}
