namespace Weft.Bpf.CoRe;

/// <summary>
/// Bounds what the types of one object may cost. Members of members of members are searched as libbpf does it, which files
/// made for the purpose turn into more steps than there is time; honest objects need less than a hundredth of this.
/// </summary>
internal sealed class WorkLimit(long steps)
{
    public const long Usual = 50_000_000;

    private long _left = steps;

    public void Spend(int count = 1)
    {
        _left -= count;
        if (_left < 0)
        {
            throw new BpfFormatException($"comparing its types takes too many steps");
        }
    }
}
