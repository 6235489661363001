using System.Runtime.InteropServices;
using Weft.Bpf.Kernel;

namespace Weft.Bpf;

/// <summary>What the kernel tells of a map. Linux 4.13; what a kernel does not know is 0.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Type">What it is.</param>
/// <param name="Name">At most fifteen characters of its name; empty where it has none.</param>
/// <param name="KeySize">Bytes of a key.</param>
/// <param name="ValueSize">Bytes of a value; of one processor's, where it has one for each.</param>
/// <param name="MaxEntries">The most elements.</param>
/// <param name="Flags">The flags that it was made with, <c>BPF_F_…</c>.</param>
/// <param name="Extra">What its type wants beside.</param>
/// <param name="TypesId">The id of its types, to be opened; 0 where it has none.</param>
/// <param name="KeyType">The type of a key in these types.</param>
/// <param name="ValueType">The type of a value in these types.</param>
/// <param name="Device">The index of the network device that has it; 0 for most.</param>
/// <param name="IsFrozen">Whether user space may not change it any more; false where the kernel does not tell.</param>
/// <param name="Memory">Bytes of memory that it takes; 0 where the kernel does not tell.</param>
public sealed record MapInfo(
    uint Id,
    MapType Type,
    string Name,
    uint KeySize,
    uint ValueSize,
    uint MaxEntries,
    uint Flags,
    ulong Extra,
    uint TypesId,
    uint KeyType,
    uint ValueType,
    uint Device,
    bool IsFrozen,
    long Memory)
{
    internal static MapInfo Of(in KernelMapInfo info, DescriptorText text) => new(
        info.Id, (MapType)info.Type, info.Name.Text(), info.KeySize, info.ValueSize, info.MaxEntries, info.Flags, info.Extra,
        info.Types, info.KeyType, info.ValueType, info.Device, text.Number("frozen") == 1, text.Number("memlock") ?? 0);

    /// <summary>A spec that such a map would be made of, without contents and types.</summary>
    internal MapSpec ToSpec() => new()
    {
        Name = Name,
        Type = Type,
        KeySize = KeySize,
        ValueSize = ValueSize,
        MaxEntries = MaxEntries,
        Flags = Flags,
        Extra = Extra,
        KeyType = KeyType,
        ValueType = ValueType,
    };
}

/// <summary><c>struct bpf_map_info</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct KernelMapInfo
{
    public uint Type;
    public uint Id;
    public uint KeySize;
    public uint ValueSize;
    public uint MaxEntries;
    public uint Flags;
    public BpfName Name;
    public uint Device;
    public uint KernelValueType;
    public ulong NamespaceDevice;
    public ulong NamespaceNumber;
    public uint Types;
    public uint KeyType;
    public uint ValueType;
    public uint KernelTypes;
    public ulong Extra;
}
