using Weft.Bpf.Kernel;
using Weft.Bpf.Libbpf;

namespace Weft.Bpf;

/// <content>Maps that are found by a path of a BPF file system, or by their ids.</content>
public sealed partial class BpfMap
{
    private const uint ReadOnlyDescriptor = 8;

    /// <summary>What the kernel tells of it now. Linux 4.13.</summary>
    /// <exception cref="KernelException">The kernel does not tell.</exception>
    public MapInfo Info => InfoOf(Kernel, Descriptor, Name);

    /// <summary>
    /// Gives it a path on a BPF file system, where it stays when all descriptors are closed. Linux 4.4; needs the right to write
    /// there.
    /// </summary>
    /// <param name="path">The path. Names with dots are refused.</param>
    /// <param name="replaces">Whether it takes the place of what is pinned there, in one step.</param>
    /// <exception cref="KernelException">
    /// The kernel refused: <c>EEXIST</c> where there is something, <c>EPERM</c> where it is no BPF file system.
    /// </exception>
    public void Pin(string path, bool replaces = false) =>
        Pins.Pin(Kernel, Descriptor, path, replaces, $"pin map {Name} at {path}");

    /// <summary>Takes a pin away. The map stays while something else uses it.</summary>
    /// <returns>Whether there was a pin.</returns>
    /// <exception cref="KernelException">The kernel refused.</exception>
    public static bool Unpin(string path, IKernel? kernel = null) => Pins.Unpin(kernel ?? LinuxKernel.Instance, path);

    /// <summary>Opens a pinned map. Linux 4.4.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="expected">What it must look like; null where it is taken as it is.</param>
    /// <param name="kernel">The kernel; null for the one below.</param>
    /// <param name="isReadOnly">Whether it is opened to be read only. Linux 4.15.</param>
    /// <exception cref="KernelException">There is none (<c>ENOENT</c>), or the kernel refused.</exception>
    /// <exception cref="MapMismatchException">It is no map, or not the expected one.</exception>
    public static BpfMap OpenPinned(string path, MapSpec? expected = null, IKernel? kernel = null, bool isReadOnly = false)
    {
        kernel ??= LinuxKernel.Instance;
        var descriptor = Pins.Open(kernel, path, isReadOnly ? ReadOnlyDescriptor : 0);
        return Adopt(kernel, descriptor, $"pinned at {path}", expected);
    }

    /// <summary>Opens a map by its id. Linux 4.13; needs <c>CAP_SYS_ADMIN</c>.</summary>
    /// <param name="kernel">The kernel; null for the one below.</param>
    /// <exception cref="KernelException">There is none (<c>ENOENT</c>), or the kernel refused.</exception>
    public static BpfMap OpenById(uint id, IKernel? kernel = null)
    {
        kernel ??= LinuxKernel.Instance;
        return Adopt(kernel, kernel.OpenById(BpfCommand.MapGetFdById, id, $"open map {id}"), $"of id {id}", null);
    }

    /// <summary>Opens the map that is the value of a key in a map of maps. Linux 4.20; needs <c>CAP_SYS_ADMIN</c>.</summary>
    /// <returns>The map; null where there is none.</returns>
    /// <exception cref="KernelException">The kernel refused.</exception>
    public BpfMap? OpenInner(ReadOnlySpan<byte> key)
    {
        Span<byte> id = stackalloc byte[sizeof(uint)];
        return TryLookup(key, id) ? OpenById(BitConverter.ToUInt32(id), Kernel) : null;
    }

    /// <summary>Takes a map over that another has made.</summary>
    /// <param name="expected">What it was made of; null where that is not known.</param>
    /// <exception cref="KernelException">The kernel does not tell what it is.</exception>
    internal static BpfMap Adopt(BpfDescriptor descriptor, IKernel kernel, MapSpec? expected, LibbpfProgram native)
    {
        try
        {
            var info = InfoOf(kernel, descriptor, expected?.Name ?? "of libbpf");
            var spec = expected is null ? info.ToSpec() : MapComparison.Merged(info, expected);
            return new(kernel, descriptor, spec) { Native = native };
        }
        catch
        {
            descriptor.Dispose();
            throw;
        }
    }

    private static BpfMap Adopt(IKernel kernel, BpfDescriptor descriptor, string what, MapSpec? expected)
    {
        try
        {
            Pins.CheckKind(kernel, descriptor, "map_type", what);
            var info = InfoOf(kernel, descriptor, what);
            var spec = info.ToSpec();
            if (expected is not null)
            {
                MapComparison.Check(info, MapCreation.Corrected(expected, kernel), what);
                spec = MapComparison.Merged(info, expected);
            }

            return new(kernel, descriptor, spec);
        }
        catch
        {
            descriptor.Dispose();
            throw;
        }
    }

    private static MapInfo InfoOf(IKernel kernel, BpfDescriptor descriptor, string name)
    {
        var info = default(KernelMapInfo);
        var result = kernel.Info(descriptor, ref info);
        return result >= 0
            ? MapInfo.Of(info, kernel.Text(descriptor))
            : throw new KernelException((int)-result, $"info of map {name}");
    }
}
