namespace Weft.Xds;

/// <summary>
/// What keeps a server upright when more clients come, or more is published, than it can serve at once. Every bound is
/// of one server; the defaults are of the size that istiod has for its own.
/// </summary>
public sealed record OverloadSettings
{
    private const int MostOfAnything = 10_000_000;

    // Longer than a timer can wait is never.
    private static readonly TimeSpan Longest = TimeSpan.FromDays(30);

    /// <summary>How many streams may be open, of all protocols. A further one ends with RESOURCE_EXHAUSTED.</summary>
    public int MaxStreams { get; init; } = 100_000;

    /// <summary>
    /// How many clients may be in their first synchronisation at once: from a stream's first request until its client
    /// has answered for all that it asked for. The others wait for their turn, in the order in which they asked.
    /// </summary>
    public int MaxSyncing { get; init; } = 50 * Environment.ProcessorCount;

    /// <summary>
    /// How long a first synchronisation counts, be the client done or not: one that never answers must not keep the
    /// others waiting.
    /// </summary>
    public TimeSpan MaxSyncTime { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How many first synchronisations may begin in a second; null for any number. A second's worth may begin at once.
    /// </summary>
    public int? NewStreamsPerSecond { get; init; }

    /// <summary>How many clients may wait for their first synchronisation. A further one gets RESOURCE_EXHAUSTED.</summary>
    public int MaxWaiting { get; init; } = 10_000;

    /// <summary>
    /// How long a client waits for its first synchronisation before it gets RESOURCE_EXHAUSTED and comes back after its
    /// own back-off. Less than the 15 seconds for which Envoy and gRPC wait for a resource.
    /// </summary>
    public TimeSpan MaxWait { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How many streams compute and serialise at once what their clients lack. The others wait in order, so that
    /// a publication to thousands leaves room for all else that the process does. A client that does not read takes
    /// none of it.
    /// </summary>
    public int MaxPushing { get; init; } = 2 * Environment.ProcessorCount;

    /// <summary>
    /// How old a stream becomes, give or take a tenth by chance, before it is ended without an error and its connection
    /// is asked to close (GOAWAY): so clients spread over servers that have come since, and prove anew who they are.
    /// They keep what they have and go on by another stream. <see cref="Timeout.InfiniteTimeSpan"/> for never.
    /// </summary>
    public TimeSpan MaxConnectionAge { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>How long a response that is being written when its stream ends by age may take before it is cut off.</summary>
    public TimeSpan MaxConnectionAgeGrace { get; init; } = TimeSpan.FromSeconds(10);

    /// <exception cref="ArgumentException">A setting is out of its bounds; the message names it and them.</exception>
    internal void Check()
    {
        Between(MaxStreams, 1, MostOfAnything, nameof(MaxStreams));
        Between(MaxSyncing, 1, MostOfAnything, nameof(MaxSyncing));
        Between(NewStreamsPerSecond ?? 1, 1, MostOfAnything, nameof(NewStreamsPerSecond));
        Between(MaxWaiting, 0, MostOfAnything, nameof(MaxWaiting));
        Between(MaxPushing, 1, MostOfAnything, nameof(MaxPushing));
        Between(MaxSyncTime, TimeSpan.FromMilliseconds(1), nameof(MaxSyncTime));
        Between(MaxWait, TimeSpan.Zero, nameof(MaxWait));
        Between(MaxConnectionAgeGrace, TimeSpan.Zero, nameof(MaxConnectionAgeGrace));
        if (MaxConnectionAge != Timeout.InfiniteTimeSpan)
        {
            Between(MaxConnectionAge, TimeSpan.FromSeconds(1), nameof(MaxConnectionAge));
        }
    }

    private static void Between(int value, int least, int most, string name)
    {
        if (value < least || value > most)
        {
            throw new ArgumentException($"{name} is {value}; it must be from {least} to {most}.", name);
        }
    }

    private static void Between(TimeSpan value, TimeSpan least, string name)
    {
        if (value < least || value > Longest)
        {
            throw new ArgumentException($"{name} is {value}; it must be from {least} to {Longest}.", name);
        }
    }
}
