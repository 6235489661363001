using Weft.Bpf.Btf;
using Weft.Bpf.Kernel;

namespace Weft.Bpf;

/// <summary>Types that were loaded into a kernel, read back from it.</summary>
internal static class MapTypes
{
    private const uint MostBytes = 1 << 26;

    /// <summary>The types of a map; null where it has none, or this process may not open them.</summary>
    public static BtfSpec? Of(BpfMap map)
    {
        if (map.Spec.KeyType == 0 && map.Spec.ValueType == 0)
        {
            return null;
        }

        var info = default(KernelMapInfo);
        return map.Kernel.Info(map.Descriptor, ref info) >= 0 && info.Types != 0 ? Read(map.Kernel, info.Types) : null;
    }

    private static unsafe BtfSpec? Read(IKernel kernel, uint id)
    {
        var attributes = new IdAttributes { Id = id };
        var result = kernel.Call(BpfCommand.BtfGetFdById, ref attributes);
        if (result < 0)
        {
            return null;
        }

        using var descriptor = BpfDescriptor.Of(kernel, result, "types");
        var info = default(KernelTypesInfo);
        if (kernel.Info(descriptor, ref info) < 0 || info.Size is 0 or > MostBytes)
        {
            return null;
        }

        var bytes = new byte[info.Size];
        fixed (byte* start = bytes)
        {
            info = new() { Bytes = start, Size = (uint)bytes.Length };
            return kernel.Info(descriptor, ref info) >= 0 ? BtfSpec.Parse(bytes) : null;
        }
    }
}

/// <summary>The beginning of <c>struct bpf_btf_info</c>.</summary>
internal unsafe struct KernelTypesInfo
{
    public byte* Bytes;
    public uint Size;
    public uint Id;
}
