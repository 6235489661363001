using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Weft.Bpf.Btf;

namespace Weft.Bpf;

/// <summary>A variable of an object, which may be set before the object is loaded; constants, too.</summary>
public sealed class VariableSpec
{
    private readonly MapSpec _map;

    internal VariableSpec(string name, MapSpec map, int offset, int size, uint type)
    {
        Name = name;
        _map = map;
        Offset = offset;
        Size = size;
        Type = type;
    }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>The map that it lies in: a section of data, such as <c>.rodata</c>.</summary>
    public string Map => _map.Name;

    /// <summary>Where it begins in the section, in bytes.</summary>
    public int Offset { get; }

    /// <summary>Bytes.</summary>
    public int Size { get; }

    /// <summary>Its type in the object's BTF; 0 where it is not known.</summary>
    public uint Type { get; }

    /// <summary>Its type's declaration; null where it is not known.</summary>
    public BtfType? Declaration => Type == 0 || _map.Types is null ? null : _map.Types.Get(_map.Types.Skip(Type));

    /// <summary>Its bytes, which may be changed until the object is loaded.</summary>
    public Span<byte> Bytes => _map.Contents[0].Value.Span.Slice(Offset, Size);

    /// <summary>Its value.</summary>
    /// <typeparam name="T">A type of the same size.</typeparam>
    /// <exception cref="ArgumentException">The sizes differ.</exception>
    public T Get<T>()
        where T : unmanaged
    {
        Check<T>();
        return MemoryMarshal.Read<T>(Bytes);
    }

    /// <summary>Sets its value.</summary>
    /// <typeparam name="T">A type of the same size.</typeparam>
    /// <exception cref="ArgumentException">The sizes differ.</exception>
    public void Set<T>(T value)
        where T : unmanaged
    {
        Check<T>();
        MemoryMarshal.Write(Bytes, value);
    }

    private void Check<T>()
        where T : unmanaged
    {
        if (Unsafe.SizeOf<T>() != Size)
        {
            throw new ArgumentException($"{Name} has {Size} bytes, {typeof(T).Name} has {Unsafe.SizeOf<T>()}");
        }
    }
}
