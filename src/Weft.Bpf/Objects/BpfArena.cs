using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Weft.Bpf.Kernel;

namespace Weft.Bpf;

/// <summary>
/// An arena (<see cref="MapType.Arena"/>, Linux 6.9) in the memory of this process: programs and it share pointers, since what
/// a program stores as a pointer into the arena is an address here. All methods take such addresses, and refuse others: what a
/// program has left in the arena need not be trusted. Pages that no program has allocated are made when they are first touched,
/// unless the map has the flag <c>BPF_F_SEGV_ON_FAULT</c>: then touching one ends this process.
/// </summary>
public sealed class BpfArena
{
    private readonly MemoryMapping _mapping;
    private readonly string _name;

    internal BpfArena(BpfMap map)
    {
        if (map.Type != MapType.Arena)
        {
            throw new InvalidOperationException($"map {map.Name} is no arena, but a {map.Type}");
        }

        _name = map.Name;
        Length = (long)map.Spec.MaxEntries * Environment.SystemPageSize;
        _mapping = MemoryMapping.OpenAt(map.Kernel, map.Descriptor, checked((nint)map.Spec.Extra), Length, $"mmap arena {map.Name}");
        Start = (ulong)_mapping.DangerousGetHandle();
    }

    /// <summary>Its first address, where the variables of its object lie.</summary>
    public ulong Start { get; }

    /// <summary>How many bytes of addresses it has.</summary>
    public long Length { get; }

    /// <summary>Whether some bytes lie in it.</summary>
    /// <param name="address">The first.</param>
    /// <param name="size">How many.</param>
    public bool Contains(ulong address, long size = 1) =>
        address >= Start && size >= 0 && size <= Length && address - Start <= (ulong)(Length - size);

    /// <summary>Where a variable of its object lies.</summary>
    /// <param name="variable">The variable, of a section in the arena.</param>
    /// <exception cref="ArgumentException">It lies in another map.</exception>
    public ulong AddressOf(VariableSpec variable) => variable.Map == _name
        ? Start + (ulong)variable.Offset
        : throw new ArgumentException($"{variable.Name} lies in {variable.Map}, not in arena {_name}", nameof(variable));

    /// <summary>Reads a value. One of up to eight bytes at its natural place is read whole.</summary>
    /// <param name="address">Where it begins.</param>
    /// <exception cref="ArgumentOutOfRangeException">It does not lie in the arena.</exception>
    /// <exception cref="ObjectDisposedException">The map is disposed.</exception>
    public T Read<T>(ulong address)
        where T : unmanaged
    {
        CheckRange(address, Unsafe.SizeOf<T>());
        using var use = new MemoryUse(_mapping);
        return VolatileMemory.Read<T>((nint)address);
    }

    /// <summary>Writes a value. One of up to eight bytes at its natural place is written whole.</summary>
    /// <inheritdoc cref="Read{T}(ulong)"/>
    public void Write<T>(ulong address, T value)
        where T : unmanaged
    {
        CheckRange(address, Unsafe.SizeOf<T>());
        using var use = new MemoryUse(_mapping);
        VolatileMemory.Write((nint)address, value);
    }

    /// <summary>Copies bytes out, in no promised order.</summary>
    /// <inheritdoc cref="Read{T}(ulong)"/>
    public unsafe void Read(ulong address, Span<byte> bytes)
    {
        CheckRange(address, bytes.Length);
        using var use = new MemoryUse(_mapping);
        new ReadOnlySpan<byte>((void*)address, bytes.Length).CopyTo(bytes);
    }

    /// <summary>Copies bytes in, in no promised order.</summary>
    /// <inheritdoc cref="Read{T}(ulong)"/>
    public unsafe void Write(ulong address, ReadOnlySpan<byte> bytes)
    {
        CheckRange(address, bytes.Length);
        using var use = new MemoryUse(_mapping);
        bytes.CopyTo(new Span<byte>((void*)address, bytes.Length));
    }

    /// <summary>The memory itself, without a copy. It must not be used when the map is disposed.</summary>
    /// <param name="size">Bytes.</param>
    /// <inheritdoc cref="Read{T}(ulong)"/>
    public unsafe Span<byte> Span(ulong address, int size)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(size);
        CheckRange(address, size);
        ObjectDisposedException.ThrowIf(_mapping.IsClosed, this);
        return new((void*)address, size);
    }

    internal void Dispose() => _mapping.Dispose();

    /// <summary>Writes what it holds from the beginning.</summary>
    /// <exception cref="KernelException">It has no room for that.</exception>
    internal void Fill(List<MapContent> contents)
    {
        foreach (var content in contents)
        {
            if (!Contains(Start, content.Value.Length))
            {
                throw new KernelException(
                    Errno.TooBig, $"arena {_name}", $"its variables have {content.Value.Length} bytes, it has {Length}: give it more max_entries, which are pages");
            }

            Write(Start, content.Value.Span);
        }
    }

    private void CheckRange(ulong address, int size)
    {
        if (!Contains(address, size))
        {
            Outside(address, size);
        }
    }

    [DoesNotReturn]
    private void Outside(ulong address, int size) => throw new ArgumentOutOfRangeException(
        nameof(address), $"{size} bytes at 0x{address:x} do not lie in the {Length} bytes of arena {_name} at 0x{Start:x}");
}
