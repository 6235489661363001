using System.Runtime.InteropServices;

namespace Weft.Bpf.Bindings;

/// <summary>A section of data: in memory where the kernel maps it, else by system calls, which read and write all of it.</summary>
internal sealed class BoundSection : IDisposable
{
    private static readonly byte[] Key = new byte[sizeof(uint)];

    private readonly BpfMap _map;
    private readonly MapMemory? _memory;
    private readonly Lock _writing = new();

    public BoundSection(BpfMap map)
    {
        _map = map;
        _memory = (map.Spec.Flags & MapCreateFlags.Mappable) != 0 ? map.OpenMemory(isWritable: !map.Spec.Freeze) : null;
    }

    public T Read<T>(int offset)
        where T : unmanaged => _memory is null ? MemoryMarshal.Read<T>(All().AsSpan(offset)) : _memory.Read<T>(offset);

    public void Write<T>(int offset, T value)
        where T : unmanaged
    {
        if (_memory is not null)
        {
            _memory.Write(offset, value);
            return;
        }

        lock (_writing)
        {
            var all = All();
            MemoryMarshal.Write(all.AsSpan(offset), value);
            _map.Update(Key, all);
        }
    }

    public void Dispose() => _memory?.Dispose();

    private byte[] All()
    {
        var all = new byte[_map.ValueSize];
        _map.TryLookup(Key, all);
        return all;
    }
}
