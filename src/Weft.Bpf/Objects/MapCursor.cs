namespace Weft.Bpf;

/// <summary>How far many elements were read. It belongs to one map and one thread at a time.</summary>
public sealed class MapCursor
{
    private readonly byte[] _before;
    private readonly byte[] _after;

    // A hash map keeps the number of a bucket in it, other maps a key.
    internal MapCursor(int keySize)
    {
        _before = new byte[Math.Max(keySize, sizeof(uint))];
        _after = new byte[_before.Length];
    }

    /// <summary>Whether all has been read.</summary>
    public bool IsAtEnd { get; internal set; }

    internal bool IsAtStart { get; private set; } = true;

    internal int Size => _before.Length;

    internal ReadOnlySpan<byte> Before => IsAtStart ? default : _before;

    internal Span<byte> After => _after;

    /// <summary>Begins anew.</summary>
    public void Reset() => (IsAtStart, IsAtEnd) = (true, false);

    internal void Advance()
    {
        _after.CopyTo(_before, 0);
        IsAtStart = false;
    }
}
