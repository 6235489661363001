using System.Collections.Immutable;

namespace Weft.Proxy.Upstream;

/// <summary>How endpoints are asked whether they are well.</summary>
/// <param name="Timeout">For one answer.</param>
/// <param name="UnhealthyInterval">Between two questions to one that is not well.</param>
/// <param name="Bad">After so many bad answers in a row an endpoint gets no traffic.</param>
/// <param name="Good">After so many good ones it gets traffic again.</param>
internal sealed record HealthCheckConfig(
    HealthProbe Probe, TimeSpan Timeout, TimeSpan Interval, TimeSpan UnhealthyInterval, uint Bad, uint Good);

/// <summary>The question.</summary>
internal abstract record HealthProbe
{
    private HealthProbe()
    {
    }

    /// <param name="Host">Null for the cluster's name.</param>
    /// <param name="Expected">Ranges of statuses, ends not included; none for 200 alone.</param>
    internal sealed record Http(
        string Path, string? Host, HttpMethod Method, bool Http2, ImmutableArray<(long From, long To)> Expected)
        : HealthProbe
    {
        public bool IsGood(int status) =>
            Expected.IsEmpty ? status == 200 : Expected.Any(e => status >= e.From && status < e.To);
    }

    /// <summary>Whether a connection comes about.</summary>
    internal sealed record Tcp : HealthProbe;

    /// <summary><c>grpc.health.v1.Health/Check</c>.</summary>
    internal sealed record Grpc(string Service, string? Authority) : HealthProbe;
}

internal enum HealthAnswer
{
    Good,

    /// <summary>No answer.</summary>
    None,

    /// <summary>An answer that says so: it counts at once.</summary>
    Bad,
}

/// <summary>What the answers of one endpoint have come to.</summary>
/// <param name="Asked">Whether there was an answer at all.</param>
/// <param name="Contrary">How many answers in a row spoke against <paramref name="Failing"/>.</param>
internal readonly record struct HealthState(bool Asked, bool Failing, uint Contrary)
{
    /// <summary>As Envoy begins: without traffic until the first answer.</summary>
    public static HealthState Initial { get; } = new(false, true, 0);

    public HealthState Step(HealthAnswer answer, HealthCheckConfig config)
    {
        if (answer != HealthAnswer.Good == Failing)
        {
            return new(true, Failing, 0);
        }

        // The first answer counts at once; so does an answer that says that it is not well.
        var needed = !Asked || answer == HealthAnswer.Bad ? 1 : Failing ? config.Good : config.Bad;
        return Contrary + 1 >= needed ? new(true, !Failing, 0) : new(true, Failing, Contrary + 1);
    }
}
