using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Weft.Bpf.Kernel;

namespace Weft.Bpf;

/// <summary>
/// The values of an array in the memory of this process: programs and it see each other's writes at once, without system
/// calls. Values of up to eight bytes at their natural places are read and written whole, with the order of
/// <see cref="Volatile"/>; larger ones may be met half written. Linux 5.5.
/// </summary>
public sealed class MapMemory : IDisposable
{
    private readonly MemoryMapping _mapping;
    private readonly string _name;

    internal MapMemory(BpfMap map, bool isWritable)
    {
        if (map.Type != MapType.Array)
        {
            throw new InvalidOperationException($"map {map.Name}: only arrays can be mapped, not a {map.Type}");
        }

        Stride = MapLayout.Stride(map.Spec.ValueSize);
        Length = (long)Stride * map.Spec.MaxEntries;
        IsWritable = isWritable;
        _name = map.Name;
        var page = (long)Environment.SystemPageSize;
        _mapping = MemoryMapping.Open(map.Kernel, map.Descriptor, (Length + page - 1) / page * page, isWritable, $"mmap {map.Name}");
    }

    /// <summary>Bytes that may be read.</summary>
    public long Length { get; }

    /// <summary>Bytes from one element to the next.</summary>
    public int Stride { get; }

    /// <summary>Whether it may be written.</summary>
    public bool IsWritable { get; }

    /// <summary>Reads a value.</summary>
    /// <param name="offset">Where it begins, in bytes: element times <see cref="Stride"/>, or where a variable lies.</param>
    /// <exception cref="ArgumentOutOfRangeException">It does not lie in the map.</exception>
    /// <exception cref="ObjectDisposedException">The memory is given back.</exception>
    public T Read<T>(long offset)
        where T : unmanaged
    {
        CheckRange(offset, Unsafe.SizeOf<T>());
        using var use = new MemoryUse(_mapping);
        return VolatileMemory.Read<T>(use.Address + (nint)offset);
    }

    /// <summary>Writes a value.</summary>
    /// <exception cref="InvalidOperationException">It was opened to be read only.</exception>
    /// <inheritdoc cref="Read{T}(long)"/>
    public void Write<T>(long offset, T value)
        where T : unmanaged
    {
        CheckRange(offset, Unsafe.SizeOf<T>());
        CheckWritable();
        using var use = new MemoryUse(_mapping);
        VolatileMemory.Write(use.Address + (nint)offset, value);
    }

    /// <summary>Copies bytes out, in no promised order.</summary>
    /// <inheritdoc cref="Read{T}(long)"/>
    public unsafe void Read(long offset, Span<byte> bytes)
    {
        CheckRange(offset, bytes.Length);
        using var use = new MemoryUse(_mapping);
        new ReadOnlySpan<byte>((void*)(use.Address + (nint)offset), bytes.Length).CopyTo(bytes);
    }

    /// <summary>Copies bytes in, in no promised order.</summary>
    /// <inheritdoc cref="Write{T}(long, T)"/>
    public unsafe void Write(long offset, ReadOnlySpan<byte> bytes)
    {
        CheckRange(offset, bytes.Length);
        CheckWritable();
        using var use = new MemoryUse(_mapping);
        bytes.CopyTo(new Span<byte>((void*)(use.Address + (nint)offset), bytes.Length));
    }

    /// <summary>Gives the memory back, when nobody reads it any more.</summary>
    public void Dispose() => _mapping.Dispose();

    private void CheckRange(long offset, int size)
    {
        if (offset < 0 || offset > Length - size)
        {
            Outside(offset, size);
        }
    }

    private void CheckWritable()
    {
        if (!IsWritable)
        {
            throw new InvalidOperationException($"map {_name} is mapped to be read only");
        }
    }

    [DoesNotReturn]
    private void Outside(long offset, int size) =>
        throw new ArgumentOutOfRangeException(nameof(offset), offset, $"{size} bytes from there do not lie in the {Length} bytes of map {_name}");
}
