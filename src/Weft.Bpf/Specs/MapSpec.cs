using Weft.Bpf.Btf;

namespace Weft.Bpf;

/// <summary>A map that is to be made. All of it may be changed before.</summary>
public sealed class MapSpec
{
    /// <summary>Its name; the kernel keeps fifteen characters of it.</summary>
    public required string Name { get; set; }

    /// <summary>What it is.</summary>
    public required MapType Type { get; set; }

    /// <summary>Bytes of a key.</summary>
    public uint KeySize { get; set; }

    /// <summary>Bytes of a value; of one processor's, where it has one for each.</summary>
    public uint ValueSize { get; set; }

    /// <summary>The most elements; bytes of a ring buffer.</summary>
    public uint MaxEntries { get; set; }

    /// <summary>Flags of <c>BPF_MAP_CREATE</c>, <c>BPF_F_…</c>.</summary>
    public uint Flags { get; set; }

    /// <summary>What some types want beside, such as the number of hash functions of a Bloom filter.</summary>
    public ulong Extra { get; set; }

    /// <summary>The node whose memory it takes, with <c>BPF_F_NUMA_NODE</c>.</summary>
    public uint NumaNode { get; set; }

    /// <summary>Whether it is pinned by its name, or taken from there.</summary>
    public bool PinByName { get; set; }

    /// <summary>What the maps in it look like; null where it has none.</summary>
    public MapSpec? Inner { get; set; }

    /// <summary>What it holds from the beginning, before a program sees it.</summary>
    public List<MapContent> Contents { get; init; } = [];

    /// <summary>Whether programs of user space may not change it any more when it has its contents.</summary>
    public bool Freeze { get; set; }

    /// <summary>The types of its object; null where there are none.</summary>
    public BtfSpec? Types { get; set; }

    /// <summary>The type of a key in <see cref="Types"/>; 0 where it is not known.</summary>
    public uint KeyType { get; set; }

    /// <summary>The type of a value in <see cref="Types"/>; 0 where it is not known.</summary>
    public uint ValueType { get; set; }

    /// <summary>
    /// Whether it is made with its object, also where no program uses it; false for structures of operations in sections whose
    /// name begins with <c>?</c>.
    /// </summary>
    public bool Loads { get; set; } = true;

    /// <summary>The programs of a structure of operations, which its only content is without them; null for other maps.</summary>
    internal StructOpsSpec? Operations { get; init; }

    /// <summary>Of a structure of operations: the type of the kernel's that its value is; 0 for others.</summary>
    internal uint KernelValueType { get; init; }

    /// <summary>The descriptor of the types of the module that has <see cref="KernelValueType"/>; 0 for the kernel itself.</summary>
    internal int KernelTypesOwner { get; init; }

    /// <summary>A copy, whose contents may be changed by themselves.</summary>
    public MapSpec Copy() => new()
    {
        Name = Name,
        Type = Type,
        KeySize = KeySize,
        ValueSize = ValueSize,
        MaxEntries = MaxEntries,
        Flags = Flags,
        Extra = Extra,
        NumaNode = NumaNode,
        PinByName = PinByName,
        Inner = Inner?.Copy(),
        Contents = [.. Contents],
        Freeze = Freeze,
        Types = Types,
        KeyType = KeyType,
        ValueType = ValueType,
        Loads = Loads,
        Operations = Operations,
        KernelValueType = KernelValueType,
        KernelTypesOwner = KernelTypesOwner,
    };
}

/// <summary>An element that a map holds from the beginning.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Value">Its value; empty where <paramref name="Reference"/> says what it is.</param>
/// <param name="Reference">The name of the program, or of the map, that is the value; null where it is bytes.</param>
public sealed record MapContent(ReadOnlyMemory<byte> Key, Memory<byte> Value, string? Reference = null);
