using System.Runtime.InteropServices;
using Weft.Bpf.Kernel;

namespace Weft.Bpf;

/// <summary>A map of the kernel's. It is gone when nobody uses it any more: no program, pin, or descriptor.</summary>
public sealed partial class BpfMap : IDisposable
{
    internal BpfMap(IKernel kernel, BpfDescriptor descriptor, MapSpec spec)
    {
        Kernel = kernel;
        Descriptor = descriptor;
        Spec = spec;
    }

    /// <summary>The kernel that has it.</summary>
    public IKernel Kernel { get; }

    /// <summary>Its descriptor.</summary>
    public BpfDescriptor Descriptor { get; }

    /// <summary>Its name.</summary>
    public string Name => Spec.Name;

    /// <summary>What it is.</summary>
    public MapType Type => Spec.Type;

    /// <summary>What it was made of.</summary>
    public MapSpec Spec { get; }

    /// <summary>Makes a map.</summary>
    /// <param name="spec">The map.</param>
    /// <param name="kernel">The kernel; null for the one below.</param>
    /// <param name="inner">A map that looks like those in it, for a map of maps.</param>
    /// <param name="types">The descriptor of the types in <paramref name="spec"/>; null where they are not loaded.</param>
    /// <exception cref="KernelException">The kernel refused it.</exception>
    public static BpfMap Create(MapSpec spec, IKernel? kernel = null, BpfMap? inner = null, BpfDescriptor? types = null)
    {
        kernel ??= LinuxKernel.Instance;
        var attributes = new MapCreateAttributes
        {
            Type = (uint)spec.Type,
            KeySize = spec.KeySize,
            ValueSize = spec.ValueSize,
            MaxEntries = spec.MaxEntries,
            Flags = spec.Flags,
            InnerMap = inner is null ? 0 : (uint)inner.Descriptor.Number,
            NumaNode = spec.NumaNode,
            Name = BpfCalls.Name(spec.Name),
            Types = types is null ? 0 : (uint)types.Number,
            KeyType = types is null ? 0 : spec.KeyType,
            ValueType = types is null ? 0 : spec.ValueType,
            Extra = spec.Extra,
        };
        var result = kernel.Call(BpfCommand.MapCreate, ref attributes);
        GC.KeepAlive(inner);
        GC.KeepAlive(types);
        return new(kernel, BpfDescriptor.Of(kernel, result, $"map_create {spec.Name}"), spec);
    }

    /// <inheritdoc/>
    public void Dispose() => Descriptor.Dispose();
}

/// <summary>The attributes of <c>BPF_MAP_CREATE</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct MapCreateAttributes
{
    public uint Type;
    public uint KeySize;
    public uint ValueSize;
    public uint MaxEntries;
    public uint Flags;
    public uint InnerMap;
    public uint NumaNode;
    public BpfName Name;
    public uint Device;
    public uint Types;
    public uint KeyType;
    public uint ValueType;
    public uint KernelValueType;
    public ulong Extra;
    public int ValueTypesDescriptor;
    public int Token;
}
