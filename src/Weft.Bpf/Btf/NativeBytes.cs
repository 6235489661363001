using System.Buffers;
using System.Runtime.InteropServices;
using Weft.Bpf.Kernel;

namespace Weft.Bpf.Btf;

/// <summary>
/// Bytes outside of the heap that is collected: pages of a kernel, or a file that was read. They live until they are
/// disposed of; who reads them afterwards gets an <see cref="ObjectDisposedException"/>. There is no finalizer, since a span
/// of them does not keep this object alive.
/// </summary>
internal sealed unsafe class NativeBytes : MemoryManager<byte>
{
    private const int Read = 1;
    private const int Private = 2;
    private const int FirstStep = 1 << 16;

    private readonly IKernel? _mappedBy;
    private byte* _first;
    private int _size;

    private NativeBytes(byte* first, int size, IKernel? mappedBy)
    {
        _first = first;
        _size = size;
        _mappedBy = mappedBy;
    }

    /// <summary>Maps the first bytes of a file; null where that is refused, as before Linux 6.16 for <c>/sys/kernel/btf</c>.</summary>
    public static NativeBytes? Map(IKernel kernel, int descriptor, int size)
    {
        var address = kernel.Map(size, Read, Private, descriptor, 0);
        return address is < 0 and >= -4095 ? null : new((byte*)address, size, kernel);
    }

    /// <summary>Reads a file to its end, in steps, so that no file makes more of itself than it is.</summary>
    /// <param name="kernel">Whose file it is.</param>
    /// <param name="descriptor">The file.</param>
    /// <param name="start">What was read of it before.</param>
    /// <param name="most">What it may have in all.</param>
    /// <param name="name">How errors name it.</param>
    /// <exception cref="KernelException">It cannot be read.</exception>
    /// <exception cref="BpfFormatException">It is larger.</exception>
    public static NativeBytes ReadAll(IKernel kernel, int descriptor, ReadOnlySpan<byte> start, int most, string name)
    {
        var result = new NativeBytes((byte*)NativeMemory.Alloc(FirstStep), FirstStep, null);
        try
        {
            start.CopyTo(result.GetSpan());
            result.Fill(kernel, descriptor, start.Length, most, name);
            return result;
        }
        catch
        {
            result.Dispose(true);
            throw;
        }
    }

    /// <inheritdoc/>
    public override Span<byte> GetSpan()
    {
        ObjectDisposedException.ThrowIf(_first is null, typeof(KernelTypes));
        return new(_first, _size);
    }

    /// <inheritdoc/>
    public override MemoryHandle Pin(int elementIndex = 0)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)elementIndex, (uint)_size);
        fixed (byte* first = GetSpan())
        {
            return new(first + elementIndex);
        }
    }

    /// <inheritdoc/>
    public override void Unpin()
    {
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        var first = _first;
        _first = null;
        if (_mappedBy is null)
        {
            NativeMemory.Free(first);
        }
        else if (first is not null)
        {
            _mappedBy.Unmap((nint)first, _size);
        }
    }

    private void Fill(IKernel kernel, int descriptor, int filled, int most, string name)
    {
        while (true)
        {
            if (filled == _size)
            {
                Resize(_size <= most ? _size * 2 : throw new BpfFormatException($"{name}: is larger than {most} bytes"));
            }

            var read = kernel.Read(descriptor, GetSpan()[filled..]);
            if (read == 0)
            {
                Resize(filled);
                return;
            }

            filled += read > 0 ? (int)read : read == -Errno.Interrupted ? 0 : throw new KernelException((int)-read, $"read {name}");
        }
    }

    private void Resize(int size)
    {
        _first = (byte*)NativeMemory.Realloc(_first, (nuint)size);
        _size = size;
    }
}
