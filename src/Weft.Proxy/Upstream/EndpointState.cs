using Weft.Proxy.Stats;

namespace Weft.Proxy.Upstream;

/// <summary>
/// What the proxy itself knows of an endpoint. It outlives the messages that name the endpoint, for as long as the
/// cluster's definition stays.
/// </summary>
internal sealed class EndpointState
{
    private volatile bool _ejected;
    private volatile bool _failing;

    /// <summary>Requests under way.</summary>
    public Counter Active { get; } = new();

    /// <summary>Whether it was put aside because of how it answered.</summary>
    public bool Ejected
    {
        get => _ejected;
        set => _ejected = value;
    }

    /// <summary>Whether it does not pass its health checks.</summary>
    public bool Failing
    {
        get => _failing;
        set => _failing = value;
    }

    public OutlierCounts Outlier { get; } = new();
}

/// <summary>
/// How an endpoint answered of late. The counts change with each response, the rest by the detector alone.
/// </summary>
internal sealed class OutlierCounts
{
    private int _errors;
    private int _gatewayErrors;

    /// <summary>How often it was put aside, less one for each interval in which it was not.</summary>
    public int Ejections { get; set; }

    public DateTimeOffset EjectedAt { get; set; }

    /// <summary>
    /// Counts a response. Returns the length of the two series of errors that it goes on with, 0 for none.
    /// </summary>
    public (int Errors, int GatewayErrors) Add(int status) =>
        (Count(ref _errors, status >= 500), Count(ref _gatewayErrors, status is >= 502 and <= 504));

    /// <summary>Begins a series anew.</summary>
    public void Forget(bool errors, bool gatewayErrors)
    {
        if (errors)
        {
            Volatile.Write(ref _errors, 0);
        }

        if (gatewayErrors)
        {
            Volatile.Write(ref _gatewayErrors, 0);
        }
    }

    private static int Count(ref int series, bool goesOn)
    {
        if (goesOn)
        {
            return Interlocked.Increment(ref series);
        }

        Volatile.Write(ref series, 0);
        return 0;
    }
}
