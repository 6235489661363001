using System.Runtime.InteropServices;
using Weft.Bpf.Kernel;

namespace Weft.Bpf;

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

    /// <summary>What is asked for, without the types where the kernel refuses them.</summary>
    public static MapCreateAttributes Of(MapSpec spec, uint inner, uint types)
    {
        types = MapLayout.RefusesTypes(spec.Type) ? 0 : types;
        return new()
        {
            Type = (uint)spec.Type,
            KeySize = spec.KeySize,
            ValueSize = spec.ValueSize,
            MaxEntries = spec.MaxEntries,
            Flags = spec.Flags,
            InnerMap = inner,
            NumaNode = spec.NumaNode,
            Name = BpfCalls.Name(spec.Name),
            Types = types,
            KeyType = types == 0 ? 0 : spec.KeyType,
            ValueType = types == 0 || spec.KernelValueType != 0 ? 0 : spec.ValueType,
            KernelValueType = spec.KernelValueType,
            ValueTypesDescriptor = spec.KernelTypesOwner,
            Extra = spec.Extra,
        };
    }

    /// <summary>Whether there were types, which are gone now.</summary>
    public bool LosesTypes()
    {
        var had = Types != 0 && !MapLayout.NeedsTypes((MapType)Type);
        if (had)
        {
            (Types, KeyType, ValueType) = (0, 0, 0);
        }

        return had;
    }

    /// <summary>Whether there was a flag, which is gone now.</summary>
    public bool LosesFlag(uint flag)
    {
        var had = (Flags & flag) != 0;
        Flags &= ~flag;
        return had;
    }

    /// <summary>Whether there were dots in the name, which Linux before 5.2 refuses.</summary>
    public bool LosesDots()
    {
        Span<byte> name = Name;
        var had = name.Contains((byte)'.');
        name.Replace((byte)'.', (byte)'_');
        return had;
    }

    /// <summary>Whether there was a name, which Linux before 4.15 refuses.</summary>
    public bool LosesName()
    {
        var had = Name[0] != 0;
        Name = default;
        return had;
    }
}
