namespace Weft.Xds.Serving;

/// <summary>
/// How many requests a stream may still send: a bucket that fills with time. Each response that is sent adds one, too,
/// for it will be answered; these are kept apart, since a full bucket would lose them. One owner.
/// </summary>
internal sealed class RequestBudget(TimeProvider time, int burst, double perSecond)
{
    private double _tokens = burst;
    private int _answers;
    private long _filled = time.GetTimestamp();

    public bool TryTake()
    {
        if (_answers > 0)
        {
            _answers--;
            return true;
        }

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

    public void Earn() => _answers = Math.Min(burst, _answers + 1);
}
