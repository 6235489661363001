namespace Weft.Xds.Serving;

/// <summary>
/// How many requests a stream may still send: a bucket that fills with time. Each response that is sent adds one, too,
/// for it will be answered. One owner.
/// </summary>
internal sealed class RequestBudget(TimeProvider time, int burst, double perSecond)
{
    private double _tokens = burst;
    private long _filled = time.GetTimestamp();

    public bool TryTake()
    {
        var now = time.GetTimestamp();
        _tokens = Math.Min(burst, _tokens + (time.GetElapsedTime(_filled, now).TotalSeconds * perSecond));
        _filled = now;
        if (_tokens < 1)
        {
            return false;
        }

        _tokens--;
        return true;
    }

    public void Earn() => _tokens = Math.Min(burst, _tokens + 1);
}
