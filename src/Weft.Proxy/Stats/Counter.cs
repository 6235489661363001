namespace Weft.Proxy.Stats;

/// <summary>A number that threads count up, and as a gauge also down.</summary>
internal sealed class Counter
{
    private long _value;

    public long Value => Interlocked.Read(ref _value);

    public void Increment() => Interlocked.Increment(ref _value);

    public void Add(long count) => Interlocked.Add(ref _value, count);

    public void Decrement() => Interlocked.Decrement(ref _value);
}
