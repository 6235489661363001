namespace Weft.Bpf;

/// <summary>
/// Who uses which element of the map of a program that says where arguments are. Places with the same arguments and cookie
/// share one; what nobody uses any more is given away again.
/// </summary>
internal sealed class UsdtSlots(uint count)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, (uint Number, int Users)> _used = [];
    private readonly Stack<uint> _free = [];
    private uint _next;

    /// <summary>The number of the element with a value, which is written where nobody uses one.</summary>
    /// <param name="write">Writes the element.</param>
    /// <exception cref="BpfNotSupportedException">All elements are used.</exception>
    public uint Take(byte[] value, Action<uint, byte[]> write)
    {
        var key = Convert.ToHexString(value);
        lock (_lock)
        {
            var (number, users) = _used.TryGetValue(key, out var used) ? used : (_free.TryPeek(out var free) ? free : _next, 0);
            if (users == 0)
            {
                if (number >= count)
                {
                    throw new BpfNotSupportedException(
                        $"all {count} elements of map {UsdtMaps.Specs} are used: define BPF_USDT_MAX_SPEC_CNT higher before usdt.bpf.h is included");
                }

                write(number, value);
                _ = _free.TryPop(out _) ? 0 : _next++;
            }

            _used[key] = (number, users + 1);
            return number;
        }
    }

    /// <summary>Gives one use back.</summary>
    public void Give(byte[] value)
    {
        var key = Convert.ToHexString(value);
        lock (_lock)
        {
            var (number, users) = _used[key];
            if (users > 1)
            {
                _used[key] = (number, users - 1);
                return;
            }

            _used.Remove(key);
            _free.Push(number);
        }
    }
}
