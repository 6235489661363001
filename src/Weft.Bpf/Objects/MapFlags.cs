namespace Weft.Bpf;

/// <summary>What an update wants to find.</summary>
public enum MapUpdate
{
    /// <summary>An element is added or replaced. A queue or stack that is full refuses.</summary>
    Any = 0,

    /// <summary>An element is only added: <c>EEXIST</c> where there is one.</summary>
    NotExisting = 1,

    /// <summary>
    /// An element is only replaced: <c>ENOENT</c> where there is none. A queue or stack that is full loses its oldest element.
    /// </summary>
    Existing = 2,

    /// <summary>Added or replaced while the value's <c>bpf_spin_lock</c> is held. Linux 5.1.</summary>
    Locked = 4,
}

/// <summary>Flags of <see cref="MapSpec.Flags"/>, as <c>BPF_F_…</c> has them.</summary>
public static class MapCreateFlags
{
    /// <summary>Memory is taken when an element is added. LPM tries and storage of objects want it.</summary>
    public const uint NoPreallocation = 1;

    /// <summary>An LRU map has one list for each processor.</summary>
    public const uint NoCommonLru = 2;

    /// <summary><see cref="MapSpec.NumaNode"/> counts.</summary>
    public const uint NumaNode = 4;

    /// <summary>User space may only read.</summary>
    public const uint ReadOnly = 8;

    /// <summary>User space may only write.</summary>
    public const uint WriteOnly = 16;

    /// <summary>A stack trace has build ids instead of addresses.</summary>
    public const uint StackBuildId = 32;

    /// <summary>Programs may only read. Linux 5.2.</summary>
    public const uint ReadOnlyForPrograms = 128;

    /// <summary>Programs may only write. Linux 5.2.</summary>
    public const uint WriteOnlyForPrograms = 256;

    /// <summary>It may be mapped into memory. Linux 5.5, arrays and arenas.</summary>
    public const uint Mappable = 1024;

    /// <summary>Maps of other sizes may be put into a map of maps. Linux 5.10, arrays.</summary>
    public const uint InnerMap = 4096;

    /// <summary>A structure of operations is attached by a link: <see cref="Attach.StructOps"/>. Linux 6.4.</summary>
    public const uint Link = 8192;

    /// <summary>The type of its value is one of a module's. Linux 6.9.</summary>
    internal const uint ModuleValueType = 1 << 15;
}
