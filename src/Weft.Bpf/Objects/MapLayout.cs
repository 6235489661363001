using System.Numerics;
using Weft.Bpf.Kernel;

namespace Weft.Bpf;

/// <summary>What the type of a map says about the sizes of its parts.</summary>
internal static class MapLayout
{
    private const uint ReferenceSize = 4;
    private const long MostBytes = int.MaxValue;

    public static bool IsPerCpu(MapType type) =>
        type is MapType.PerCpuHash or MapType.PerCpuArray or MapType.LruPerCpuHash or MapType.PerCpuCgroupStorage;

    /// <summary>Whether the values are other objects: descriptors when they are written, ids when they are read.</summary>
    public static bool HasReferences(MapType type) => HasMaps(type) || HasPrograms(type) || type is MapType.PerfEventArray or MapType.CgroupArray;

    public static bool HasMaps(MapType type) => type is MapType.ArrayOfMaps or MapType.HashOfMaps;

    public static bool HasPrograms(MapType type) => type is MapType.ProgramArray;

    /// <summary>Whether it carries records to user space, or from there.</summary>
    public static bool HasRecords(MapType type) => type is MapType.RingBuffer or MapType.UserRingBuffer or MapType.PerfEventArray;

    /// <summary>Whether its elements have no keys.</summary>
    public static bool IsKeyless(MapType type) => type is MapType.Queue or MapType.Stack or MapType.BloomFilter;

    public static bool IsHash(MapType type) =>
        type is MapType.Hash or MapType.LruHash or MapType.PerCpuHash or MapType.LruPerCpuHash;

    /// <summary>Whether the kernel refuses the types of its key and value (<c>map_check_btf</c>).</summary>
    public static bool RefusesTypes(MapType type) => HasMaps(type) || type is MapType.PerfEventArray or MapType.CgroupArray
        or MapType.StackTrace or MapType.DeviceMap or MapType.DeviceMapHash or MapType.CpuMap or MapType.XskMap
        or MapType.SocketMap or MapType.SocketHash or MapType.Queue or MapType.Stack or MapType.Arena;

    /// <summary>Whether the kernel wants the types of its key and value.</summary>
    public static bool NeedsTypes(MapType type) =>
        type is MapType.SocketStorage or MapType.InodeStorage or MapType.TaskStorage or MapType.CgroupLocalStorage or MapType.StructOps;

    /// <summary>Whether its values lie with objects of the kernel, such as tasks.</summary>
    public static bool IsStorage(MapType type) => type is MapType.SocketStorage or MapType.InodeStorage or MapType.TaskStorage
        or MapType.CgroupLocalStorage or MapType.CgroupStorage or MapType.PerCpuCgroupStorage;

    /// <summary>What the operations take for a key and a value: for that of each processor where each has its own.</summary>
    /// <exception cref="KernelException">They are above what any kernel takes.</exception>
    public static (int Key, int Value) Bytes(IKernel kernel, MapSpec spec)
    {
        var value = IsPerCpu(spec.Type) ? Units(spec.ValueSize) * PossibleProcessors.Count(kernel) : spec.ValueSize;
        return spec.KeySize <= MostBytes && Units(spec.ValueSize) <= MostBytes && value <= MostBytes
            ? ((int)spec.KeySize, (int)value)
            : throw new KernelException(
                Errno.TooBig, $"map_create {spec.Name}", $"keys of {spec.KeySize} and values of {spec.ValueSize} bytes: no kernel takes so many");
    }

    /// <summary>What one value takes among others: whole units of eight bytes.</summary>
    public static int Stride(uint valueSize) => (int)Units(valueSize);

    /// <summary>Whether what a file puts into a map is of its sizes.</summary>
    /// <exception cref="BpfFormatException">It is not.</exception>
    public static void CheckContents(MapSpec spec)
    {
        foreach (var content in spec.Contents)
        {
            var fits = content.Reference is null ? content.Value.Length == spec.ValueSize : spec.ValueSize is sizeof(uint) or sizeof(ulong);
            if (content.Key.Length != spec.KeySize || !fits)
            {
                throw new BpfFormatException(
                    $"map {spec.Name}: its keys have {spec.KeySize} bytes and its values {spec.ValueSize}, and an element of it has others");
            }
        }
    }

    /// <summary>The bytes of a ring buffer: pages, and a power of two.</summary>
    public static uint RingSize(uint wanted, uint page)
    {
        if (wanted == 0)
        {
            return 0;
        }

        var pages = ((ulong)wanted + page - 1) / page;
        var size = BitOperations.RoundUpToPowerOf2(pages) * page;
        return size > uint.MaxValue ? wanted : (uint)size;
    }

    public static uint ReferenceSizeOr(uint size) => size == 0 ? ReferenceSize : size;

    private static long Units(uint valueSize) => ((long)valueSize + 7) & ~7L;
}
