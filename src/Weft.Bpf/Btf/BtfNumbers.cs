using System.Runtime.ConstrainedExecution;
using System.Runtime.InteropServices;

namespace Weft.Bpf.Btf;

/// <summary>
/// Numbers outside of the heap that is collected: an index of a kernel's types has half a million bytes, and they go back
/// when the types are released, not when a collection comes to it.
/// </summary>
internal sealed unsafe class BtfNumbers : CriticalFinalizerObject, IDisposable
{
    private uint* _first;

    public BtfNumbers(int length, bool isZeroed)
    {
        Length = length;
        var size = (nuint)length * sizeof(uint);
        _first = (uint*)(isZeroed ? NativeMemory.AllocZeroed(size) : NativeMemory.Alloc(size));
    }

    ~BtfNumbers() => Free();

    public int Length { get; private set; }

    public uint this[int index]
    {
        get
        {
            ObjectDisposedException.ThrowIf(_first is null, typeof(BtfSpec));
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Length);
            var value = _first[index];

            // The finalizer must not run before the number is read.
            GC.KeepAlive(this);
            return value;
        }
    }

    /// <summary>To fill it; the caller keeps this object alive meanwhile.</summary>
    public Span<uint> Span => new(_first, Length);

    /// <summary>Keeps only the first, and gives back the room of the others.</summary>
    public void Shorten(int length)
    {
        _first = (uint*)NativeMemory.Realloc(_first, (nuint)Math.Max(length, 1) * sizeof(uint));
        Length = length;
    }

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        NativeMemory.Free(_first);
        _first = null;
    }
}
