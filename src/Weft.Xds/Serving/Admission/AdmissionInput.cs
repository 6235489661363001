namespace Weft.Xds.Serving;

/// <summary>What can happen to the queue before the server. A closed set.</summary>
internal abstract record AdmissionInput
{
    private AdmissionInput()
    {
    }

    /// <summary>A stream was opened.</summary>
    public sealed record Opened(long Stream) : AdmissionInput;

    /// <summary>Its first request has come.</summary>
    public sealed record Asked(long Stream) : AdmissionInput;

    /// <summary>Its client has answered for all that it asked for, but may be about to ask for what that needs.</summary>
    public sealed record Settled(long Stream) : AdmissionInput;

    /// <summary>Its client has answered for all that it asked for, and needs nothing more.</summary>
    public sealed record Synced(long Stream) : AdmissionInput;

    /// <summary>It has ended, wherever it was.</summary>
    public sealed record Closed(long Stream) : AdmissionInput;

    /// <summary>Time went by: <c>WakeAt</c> has been reached.</summary>
    public sealed record Elapsed : AdmissionInput;
}

/// <summary>Why a stream is not served.</summary>
internal enum Refusal
{
    /// <summary>There are as many streams as there may be.</summary>
    TooManyStreams,

    /// <summary>As many wait as may.</summary>
    QueueIsFull,

    /// <summary>It has waited as long as it may.</summary>
    WaitedTooLong,
}

/// <summary>What the queue decides. A closed set.</summary>
internal abstract record AdmissionEffect(long Stream)
{
    /// <summary>The stream is served from now on.</summary>
    public sealed record Admitted(long Stream) : AdmissionEffect(Stream);

    /// <summary>The stream ends; it counts no more.</summary>
    public sealed record Refused(long Stream, Refusal Why) : AdmissionEffect(Stream);
}
