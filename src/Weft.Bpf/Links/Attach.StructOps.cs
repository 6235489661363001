using Weft.Bpf.Kernel;

namespace Weft.Bpf;

public static partial class Attach
{
    /// <summary>
    /// Gives a structure of operations to the kernel, such as a congestion control, which sockets may then use. Linux 5.6;
    /// since 6.4 by a link, for structures in a section <c>.struct_ops.link</c>. The others, and all before 6.4, stay attached
    /// when their process ends without having disposed of this: <c>bpftool struct_ops unregister</c> removes them. A structure
    /// without a link is attached once; to attach it again, its object is loaded again.
    /// </summary>
    /// <param name="map">The structure, a map of an object that was loaded.</param>
    /// <exception cref="KernelException">The kernel refused it.</exception>
    /// <exception cref="BpfNotSupportedException">It is another map, or one that was not loaded here.</exception>
    public static BpfLink StructOps(BpfMap map)
    {
        if (map is { Type: MapType.StructOps, Native: { } native })
        {
            return native.Attach(map) ?? throw new BpfNotSupportedException($"libbpf does not attach map {map.Name}");
        }

        var hook = $"struct_ops {map.Name}";
        var byLink = Register(map, hook);
        if (!byLink)
        {
            return new StructOpsLink(map.Duplicate(), hook);
        }

        using var use = new DescriptorUse(map.Descriptor);
        var attributes = new LinkCreateAttributes { Program = use.Number, AttachType = (uint)AttachType.StructOps };
        var result = map.Kernel.Call(BpfCommand.LinkCreate, ref attributes);
        return result >= 0
            ? new KernelLink(map.Kernel, BpfDescriptor.Of(map.Kernel, result, $"attach {hook}"), null, hook)
            : throw AttachHints.Refused(result, hook, "link_create", Hint(result));
    }

    /// <summary>Writes the structure into its map, which without links attaches it.</summary>
    /// <returns>Whether a link is still to be made.</returns>
    internal static bool Register(BpfMap map, string hook)
    {
        if (map.Operations is not { } operations)
        {
            throw new BpfNotSupportedException($"{hook}: {map.Type} {map.Name} is no structure of operations that an object was loaded with");
        }

        var byLink = (map.Spec.Flags & MapCreateFlags.Link) != 0;
        var result = operations.WriteTo(map);

        // A structure is written once. With links it stays as it is, and may be attached again.
        return result >= 0 || (byLink && result == -Errno.Busy)
            ? byLink
            : throw AttachHints.Refused(result, hook, "map_update", Hint(result));
    }

    private static string? Hint(long result) => result switch
    {
        -Errno.Exists => "the kernel has operations of this name already",
        -Errno.Busy => "it was attached before: load its object again",
        -Errno.Invalid => "an operation that the kernel needs is missing, or a value in it is wrong",
        -Errno.NotSupported or -Errno.KernelNotSupported => "programs cannot be one of these operations on this kernel",
        _ => null,
    };
}
