using System.Collections.Frozen;

namespace Weft.Xds.Streams;

/// <summary>How long a stream waits for its client before it goes on without it, type by type.</summary>
/// <param name="Warming">How long for a client that does not ask for what it needs, and for types without a time of their own.</param>
/// <param name="Answers">By type URL: how long for an answer to a response of the type.</param>
internal sealed record Patience(TimeSpan Warming, FrozenDictionary<string, TimeSpan> Answers)
{
    public static Patience Of(XdsServerSettings settings) =>
        new(settings.WarmingTimeout, settings.AnswerTimeouts.ToFrozenDictionary(StringComparer.Ordinal));

    /// <summary>How long for an answer to a response of this type.</summary>
    public TimeSpan ForAnswer(string typeUrl) => Answers.GetValueOrDefault(typeUrl, Warming);
}
