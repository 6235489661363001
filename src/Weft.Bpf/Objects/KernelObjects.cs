using Weft.Bpf.Kernel;

namespace Weft.Bpf;

/// <summary>
/// The objects that a kernel has, of all processes: their ids, in order. Linux 4.13, types 5.4, links 5.8; needs
/// <c>CAP_SYS_ADMIN</c>. Objects come and go: opening one may find none.
/// </summary>
public static partial class KernelObjects
{
    /// <summary>The ids of all maps, for <see cref="BpfMap.OpenById"/>.</summary>
    /// <exception cref="KernelException">The kernel refused.</exception>
    public static IEnumerable<uint> Maps(IKernel? kernel = null) => Ids(kernel, BpfCommand.MapGetNextId, "list maps");

    /// <summary>The ids of all programs, for <see cref="BpfProgram.OpenById"/>.</summary>
    /// <inheritdoc cref="Maps"/>
    public static IEnumerable<uint> Programs(IKernel? kernel = null) => Ids(kernel, BpfCommand.ProgramGetNextId, "list programs");

    /// <summary>The ids of all links.</summary>
    /// <inheritdoc cref="Maps"/>
    public static IEnumerable<uint> Links(IKernel? kernel = null) => Ids(kernel, BpfCommand.LinkGetNextId, "list links");

    /// <summary>The ids of all types: the kernel's, its modules' and those of programs.</summary>
    /// <inheritdoc cref="Maps"/>
    public static IEnumerable<uint> Types(IKernel? kernel = null) => Ids(kernel, BpfCommand.BtfGetNextId, "list types");

    /// <summary>What the kernel tells of each map that is still there when it is asked.</summary>
    /// <inheritdoc cref="Maps"/>
    public static IEnumerable<MapInfo> MapInfos(IKernel? kernel = null) => Infos(Maps(kernel), id =>
    {
        using var map = BpfMap.OpenById(id, kernel);
        return map.Info;
    });

    /// <summary>What the kernel tells of each program that is still there when it is asked.</summary>
    /// <inheritdoc cref="Maps"/>
    public static IEnumerable<ProgramInfo> ProgramInfos(IKernel? kernel = null) => Infos(Programs(kernel), id =>
    {
        using var program = BpfProgram.OpenById(id, kernel);
        return program.Info;
    });

    private static IEnumerable<T> Infos<T>(IEnumerable<uint> ids, Func<uint, T> open)
    {
        foreach (var id in ids)
        {
            T info;
            try
            {
                info = open(id);
            }
            catch (KernelException e) when (e.Errno == Errno.NoEntry)
            {
                continue;
            }

            yield return info;
        }
    }

    private static IEnumerable<uint> Ids(IKernel? kernel, BpfCommand command, string stage)
    {
        kernel ??= LinuxKernel.Instance;
        for (uint id = 0; ;)
        {
            var attributes = new IdAttributes { Id = id };
            var result = kernel.Call(command, ref attributes);
            if (result == -Errno.NoEntry)
            {
                yield break;
            }

            if (result < 0)
            {
                throw new KernelException((int)-result, stage, result == -Errno.Permission ? "listing objects needs CAP_SYS_ADMIN" : null);
            }

            // A kernel that goes back would be asked for ever.
            if (attributes.Next <= id)
            {
                yield break;
            }

            id = attributes.Next;
            yield return id;
        }
    }
}
