using System.Buffers.Binary;
using Wasmtime;

namespace Weft.Wasm.Host;

/// <summary>
/// The memory of a machine. Each access is checked against its size; an address that is wrong gives false.
/// </summary>
/// <remarks>
/// The engine promises that a memory never moves, and a memory only grows: so a size that was seen once still holds,
/// and the engine is asked again only by an access that lies behind it. That keeps host calls free of calls into it.
/// </remarks>
internal sealed unsafe class GuestMemory(Memory memory)
{
    private byte* _start;
    private long _length;

    public bool TryGet(int address, int size, out Span<byte> bytes)
    {
        if (!Contains((uint)address, (uint)size))
        {
            bytes = default;
            return false;
        }

        bytes = new(_start + (uint)address, size);
        return true;
    }

    public bool TryRead(int address, int size, out ReadOnlySpan<byte> bytes)
    {
        var isThere = TryGet(address, size, out var found);
        bytes = found;
        return isThere;
    }

    public bool TryRead(int address, out uint value)
    {
        var isThere = TryGet(address, sizeof(uint), out var bytes);
        value = isThere ? BinaryPrimitives.ReadUInt32LittleEndian(bytes) : 0;
        return isThere;
    }

    public bool TryWrite(int address, uint value)
    {
        if (!TryGet(address, sizeof(uint), out var bytes))
        {
            return false;
        }

        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        return true;
    }

    public bool TryWrite(int address, ulong value)
    {
        if (!TryGet(address, sizeof(ulong), out var bytes))
        {
            return false;
        }

        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        return true;
    }

    /// <summary>Its size, in bytes.</summary>
    public long Length => memory.GetLength();

    // A memory has at most 1 GiB, so what lies inside of it fits a span.
    private bool Contains(uint address, uint size) =>
        (ulong)address + size <= (ulong)_length || (Look() && (ulong)address + size <= (ulong)_length);

    private bool Look()
    {
        _start = (byte*)memory.GetPointer();
        _length = memory.GetLength();
        return true;
    }
}
