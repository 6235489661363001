using Weft.Bpf.Kernel;

namespace Weft.Bpf.Btf;

/// <summary>What is known of types in the kernel.</summary>
/// <param name="Id">Their number in the kernel.</param>
/// <param name="Name"><c>vmlinux</c>, or a module; empty where a program has brought them.</param>
/// <param name="IsKernel">Whether they are the kernel's own.</param>
/// <param name="Size">Bytes.</param>
public sealed record BtfObjectInfo(uint Id, string Name, bool IsKernel, int Size);

/// <summary>All types in the kernel, by their numbers. Needs <c>CAP_SYS_ADMIN</c>.</summary>
public static class BtfObjects
{
    /// <summary>Opens types by their number (Linux 4.18).</summary>
    /// <exception cref="KernelException">There are none with it, or it is refused.</exception>
    public static BtfObject Open(uint id, IKernel? kernel = null)
    {
        kernel ??= LinuxKernel.Instance;
        var attributes = new BtfIdAttributes { Id = id };
        var result = kernel.Call(BpfCommand.BtfGetFdById, ref attributes);
        return new(kernel, BpfDescriptor.Of(kernel, result, $"btf_get_fd_by_id {id}"));
    }

    /// <summary>The numbers of all that are loaded now (Linux 5.2).</summary>
    /// <exception cref="KernelException">It is refused.</exception>
    public static IReadOnlyList<uint> Ids(IKernel? kernel = null)
    {
        kernel ??= LinuxKernel.Instance;
        var ids = new List<uint>();
        var attributes = default(BtfIdAttributes);
        while (true)
        {
            var result = kernel.Call(BpfCommand.BtfGetNextId, ref attributes);
            if (result == -Errno.NoEntry)
            {
                return ids;
            }

            if (result < 0)
            {
                throw new KernelException((int)-result, "btf_get_next_id");
            }

            ids.Add(attributes.NextId);
            attributes = new() { Id = attributes.NextId };
        }
    }

    /// <summary>
    /// Opens a module's types, whose descriptor programs need that call its functions; null where there is no such module.
    /// Linux 5.11.
    /// </summary>
    /// <exception cref="KernelException">It is refused.</exception>
    public static BtfObject? OpenModule(string name, IKernel? kernel = null)
    {
        foreach (var id in Ids(kernel))
        {
            if (TryOpen(id, kernel) is not { } found)
            {
                continue;
            }

            if (found.Info() is { IsKernel: true } info && info.Name == name)
            {
                return found;
            }

            found.Dispose();
        }

        return null;
    }

    // It may be gone since its number was read.
    private static BtfObject? TryOpen(uint id, IKernel? kernel)
    {
        try
        {
            return Open(id, kernel);
        }
        catch (KernelException e) when (e.Errno == Errno.NoEntry)
        {
            return null;
        }
    }
}
