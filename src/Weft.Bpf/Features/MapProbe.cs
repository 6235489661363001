using Weft.Bpf.Kernel;

namespace Weft.Bpf.Features;

/// <summary>Whether a kernel makes maps of a type.</summary>
internal static class MapProbe
{
    public static FeatureAnswer Ask(IKernel kernel, MapType type)
    {
        var attributes = Attributes(type);
        if (MapLayout.HasMaps(type))
        {
            return With(kernel, TinyMap(kernel, MapType.Hash), (uint number) => attributes.InnerMap = number, () => Create(kernel, attributes));
        }

        if (MapLayout.IsStorage(type) && MapLayout.NeedsTypes(type))
        {
            (attributes.KeyType, attributes.ValueType) = (1, 1);
            var types = TinyTypes.Load(kernel, TinyTypes.Number);
            return With(kernel, types, (uint number) => attributes.Types = number, () => Create(kernel, attributes));
        }

        return type == MapType.StructOps ? StructOps(kernel, flags: 0) : Create(kernel, attributes);
    }

    /// <summary>Whether a kernel makes links of structures of operations.</summary>
    public static FeatureAnswer StructOpsLink(IKernel kernel) => StructOps(kernel, MapCreateFlags.Link);

    // Without types of its own a map of this kind is wrong; but only a kernel that knows it says so with this error.
    private static FeatureAnswer StructOps(IKernel kernel, uint flags) => Judgement.OfComplaint(
        kernel, TinyMap(kernel, MapType.StructOps, flags), Errno.KernelNotSupported, "create");

    /// <summary>A map of an element or two of four bytes.</summary>
    /// <returns>A descriptor, or an error.</returns>
    public static long TinyMap(IKernel kernel, MapType type, uint flags = 0, string name = "")
    {
        var attributes = Attributes(type);
        attributes.Flags |= flags;
        attributes.Name = BpfCalls.Name(name);
        return kernel.Call(BpfCommand.MapCreate, ref attributes);
    }

    private static FeatureAnswer Create(IKernel kernel, MapCreateAttributes attributes) =>
        Judgement.OfDescriptor(kernel, kernel.Call(BpfCommand.MapCreate, ref attributes), "create");

    private static FeatureAnswer With(IKernel kernel, long result, Action<uint> use, Func<FeatureAnswer> ask)
    {
        if (result < 0)
        {
            return Judgement.OfError(kernel, (int)-result, "types");
        }

        using var needed = BpfDescriptor.Of(kernel, result, "");
        use((uint)needed.Number);
        return ask();
    }

    private static MapCreateAttributes Attributes(MapType type)
    {
        var (key, value, entries, flags) = Sizes(type);
        return new()
        {
            Type = (uint)type,
            KeySize = key,
            ValueSize = value,
            MaxEntries = entries,
            Flags = flags,
            KernelValueType = type == MapType.StructOps ? 1u : 0,
        };
    }

    private static (uint Key, uint Value, uint Entries, uint Flags) Sizes(MapType type) => type switch
    {
        // A value is reached by address only in an array of one element.
        MapType.Array or MapType.StructOps => (4, 4, 1, 0),
        MapType.StackTrace => (4, 8, 2, 0),
        MapType.LpmTrie => (8, 4, 2, MapCreateFlags.NoPreallocation),
        MapType.CgroupStorage or MapType.PerCpuCgroupStorage => (16, 4, 0, 0),
        MapType.Queue or MapType.Stack or MapType.BloomFilter => (0, 4, 2, 0),
        MapType.SocketStorage or MapType.InodeStorage or MapType.TaskStorage or MapType.CgroupLocalStorage =>
            (4, 4, 0, MapCreateFlags.NoPreallocation),
        MapType.RingBuffer or MapType.UserRingBuffer => (0, 0, (uint)Environment.SystemPageSize, 0),
        MapType.Arena => (0, 0, 1, MapCreateFlags.Mappable),
        MapType.InstructionArray => (4, 16, 2, 0),
        MapType.ReuseportSocketArray => (4, 8, 2, 0),
        _ => (4, 4, 2, 0),
    };
}
