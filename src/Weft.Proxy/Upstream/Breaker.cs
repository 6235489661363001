namespace Weft.Proxy.Upstream;

/// <summary>At most so many of something at a time. Safe for any number of threads.</summary>
internal sealed class Breaker(long most)
{
    private long _inside;

    public long Inside => Interlocked.Read(ref _inside);

    public bool IsOpen => Inside >= most;

    /// <summary>False where it is full.</summary>
    public bool TryEnter()
    {
        if (Interlocked.Increment(ref _inside) <= most)
        {
            return true;
        }

        Interlocked.Decrement(ref _inside);
        return false;
    }

    public void Leave() => Interlocked.Decrement(ref _inside);
}
