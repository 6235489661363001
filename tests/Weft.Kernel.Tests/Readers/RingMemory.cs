using System.Runtime.InteropServices;
using Weft.Bpf;

namespace Weft.Kernel.Tests.Readers;

/// <summary>
/// Rings in plain memory, of which a test makes what it likes. Around the data lie bytes that nobody may touch.
/// </summary>
internal sealed unsafe class RingMemory : IDisposable
{
    private readonly ulong* _positions = (ulong*)NativeMemory.AllocZeroed(16);
    private readonly byte* _data;
    private readonly int _size;

    public RingMemory(int size)
    {
        _size = size;
        _data = (byte*)NativeMemory.AllocZeroed((nuint)size * 2);
    }

    public ref ulong Consumer => ref _positions[0];

    public ref ulong Producer => ref _positions[1];

    /// <summary>The data; for a ring buffer, twice.</summary>
    public Span<byte> Data => new(_data, _size * 2);

    public RingView Ring => new(&_positions[0], &_positions[1], _data, (ulong)_size);

    public UserRingView UserRing => new(&_positions[0], &_positions[1], _data, (ulong)_size);

    public PerfRingView Perf => new(&_positions[1], &_positions[0], _data, (ulong)_size);

    /// <summary>Whether a span lies in the data.</summary>
    public bool Has(ReadOnlySpan<byte> record, int size)
    {
        fixed (byte* start = record)
        {
            return record.Length == 0 || (start >= _data && start + record.Length <= _data + size);
        }
    }

    public void Dispose()
    {
        NativeMemory.Free(_positions);
        NativeMemory.Free(_data);
    }
}
