using Weft.Bpf.Kernel;

namespace Weft.Bpf;

/// <summary>
/// Goes once through the elements of a map while others change it, also while the one who walks takes out what it meets. What
/// is in the map all the time is met; of a hash map (Linux 5.6) exactly once. Memory is taken at the beginning only, but for
/// buckets that do not fit. It belongs to one thread at a time.
/// </summary>
public sealed class MapWalk
{
    private const int MostBytes = 1 << 18;
    private const int MostAtOnce = 512;

    private readonly BpfMap _map;
    private readonly MapCursor _cursor;
    private byte[] _keys;
    private byte[] _values;
    private bool _isStepping;
    private bool _isEnded;
    private bool _hasNext;
    private int _count;
    private int _at = -1;
    private long _visits;

    internal MapWalk(BpfMap map)
    {
        _map = map;
        _cursor = map.NewCursor();
        var element = Math.Max(map.KeySize + map.ValueSize, 1);
        var entries = (int)Math.Clamp((long)map.Spec.MaxEntries, 1, MostAtOnce);
        var count = Math.Clamp(MostBytes / element, 1, entries);

        // One step by step needs its own key and the next one.
        _keys = new byte[Math.Max(count, 2) * map.KeySize];
        _values = new byte[Math.Max(count, 2) * map.ValueSize];
    }

    /// <summary>
    /// Whether it gave up, since others took out where it stood again and again: it met as many elements as the map can have,
    /// perhaps not all, and some twice. Never with a hash map since Linux 5.6, or an array.
    /// </summary>
    public bool WasAborted { get; private set; }

    /// <summary>The key, until the next step.</summary>
    public ReadOnlySpan<byte> Key => _keys.AsSpan(_at * _map.KeySize, _map.KeySize);

    /// <summary>The value when it was read, until the next step.</summary>
    public ReadOnlySpan<byte> Value => _values.AsSpan(_at * _map.ValueSize, _map.ValueSize);

    /// <summary>Goes to the next element.</summary>
    /// <returns>Whether there is one.</returns>
    /// <exception cref="KernelException">The kernel refused.</exception>
    public bool MoveNext()
    {
        if (!_isStepping && ++_at < _count)
        {
            return true;
        }

        while (!_isStepping && !_cursor.IsAtEnd)
        {
            if (Fill())
            {
                return true;
            }
        }

        return _isStepping && Step();
    }

    private bool Fill()
    {
        var result = _map.TryRead(BpfCommand.MapLookupBatch, _cursor, _keys, _values);
        (_at, _count) = (0, (int)Math.Max(result, 0));
        if (result == -Errno.NoSpace && _keys.Length <= Array.MaxLength / 2 && _values.Length <= Array.MaxLength / 2)
        {
            (_keys, _values) = (new byte[_keys.Length * 2], new byte[_values.Length * 2]);
        }
        else if (result < 0)
        {
            Begin(result);
        }

        return _count > 0;
    }

    // Only at the beginning: later the kernel has shown that it can read many at once.
    private void Begin(long result)
    {
        if (!_cursor.IsAtStart || result is not (-Errno.Invalid or -Errno.NotSupported or -Errno.KernelNotSupported or -Errno.Permission))
        {
            throw _map.Refused(result, "map_lookup_batch");
        }

        _isStepping = true;
        _hasNext = _map.TryNextKey(default, NextKey);
    }

    private Span<byte> NextKey => _keys.AsSpan(_map.KeySize, _map.KeySize);

    // The key after this one is asked for before this one is shown, since the one who walks may take this one out.
    private bool Step()
    {
        while (_hasNext && !_isEnded)
        {
            if (++_visits > Math.Max(_map.Spec.MaxEntries, 1))
            {
                (WasAborted, _isEnded) = (true, true);
                return false;
            }

            NextKey.CopyTo(_keys);
            _at = 0;
            _hasNext = _map.TryNextKey(Key, NextKey);
            if (_map.TryLookup(Key, _values.AsSpan(0, _map.ValueSize)))
            {
                return true;
            }
        }

        _isEnded = true;
        return false;
    }
}
