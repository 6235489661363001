namespace Weft.Wasm.Host;

/// <summary>A counter, gauge or histogram of plugins. For all workers at once.</summary>
public interface IPluginMetric
{
    /// <summary>Adds to a counter or gauge; a gauge may go down.</summary>
    public void Add(long offset);

    /// <summary>Adds to a counter, sets a gauge, or records in a histogram.</summary>
    public void Record(ulong value);

    /// <summary>The value of a counter or gauge.</summary>
    public ulong Value { get; }
}
