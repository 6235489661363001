namespace Weft.Up;

/// <summary>A running proxy of a workload or a gateway. Disposing it stops it.</summary>
internal interface IDataPlane : IAsyncDisposable
{
    /// <summary>Where its statistics are, in Prometheus's text form.</summary>
    public Uri Stats { get; }
}
